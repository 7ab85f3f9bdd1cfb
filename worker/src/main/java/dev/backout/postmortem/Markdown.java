package dev.backout.postmortem;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The report as Markdown, for a wiki or a pull request. */
final class Markdown {
  private final Report report;
  private final List<String> lines = new ArrayList<>();

  Markdown(Report report) {
    this.report = report;
  }

  String text() {
    add("# Postmortem: " + plain(report.title()), "", "**" + plain(report.outcome()) + "**", "");
    add("## Summary", "", plain(report.summary()), "");
    impact();
    timeline();
    steps();
    decisions();
    troubles();
    evidence();
    questions();
    followUps();
    record();
    return String.join("\n", lines) + "\n";
  }

  private void impact() {
    add("## Impact", "");
    add("- **Time**: " + plain(report.impact().time()));
    add("- **Data**: " + plain(report.impact().data()), "");
    if (!report.objectives().isEmpty()) {
      row("Objective", "Limit", "Actual", "Verdict", "How it was counted");
      rule(5);
      for (Report.Objective each : report.objectives()) {
        row(
            each.name(),
            duration(each.limit()),
            duration(each.actual()),
            each.verdict(),
            each.explanation());
      }
      add("");
    }
  }

  private void timeline() {
    add("## Timeline", "", "Times are UTC, “after” counts from the beginning of the incident.", "");
    row("Time", "After", "Event", "What", "Took");
    rule(5);
    for (Report.Event each : report.timeline()) {
      row(
          Words.clock(each.at()),
          duration(each.since()),
          each.kind(),
          each.text(),
          duration(each.took()));
    }
    add("");
  }

  private void steps() {
    add("## Steps", "");
    row("Step", "Name", "Action", "State", "Attempts", "Took", "Budget");
    rule(7);
    for (Report.StepLine each : report.steps()) {
      row(
          each.path(),
          each.name(),
          orDash(each.action()),
          each.state(),
          String.valueOf(each.attempts()),
          duration(each.took()),
          duration(each.budget()) + (each.overBudget() ? " exceeded" : ""));
    }
    add("");
  }

  private void decisions() {
    add("## Decisions", "");
    if (report.decisions().isEmpty()) {
      add("Nobody was asked to decide anything.", "");
      return;
    }
    row("Time", "Who", "Decision", "Step", "Reason");
    rule(5);
    for (Report.DecisionLine each : report.decisions()) {
      row(
          Words.clock(each.at()),
          each.by() + (each.verified() ? " (verified)" : " (unverified)"),
          each.choice(),
          each.step(),
          orDash(each.reason()));
    }
    add("", "*Unverified* means that the name is what the sender claimed.", "");
  }

  private void troubles() {
    add("## What went wrong", "");
    if (report.troubles().isEmpty()) {
      add("Nothing in the rollback itself.", "");
      return;
    }
    for (Report.Trouble each : report.troubles()) {
      String when = each.at() == null ? "" : Words.clock(each.at()) + " ";
      String where = each.step() == null ? "" : plain(each.step()) + ": ";
      add("- " + when + where + plain(each.what()));
    }
    add("");
  }

  private void evidence() {
    add("## Evidence", "");
    if (report.evidence().isEmpty()) {
      add("No step named a file with its hash.", "");
      return;
    }
    row("Step", "File", "SHA-256");
    rule(3);
    report.evidence().forEach(each -> row(each.step(), each.file(), each.sha256()));
    add("");
  }

  private void questions() {
    add("## Open questions", "");
    for (Report.Question each : report.questions()) {
      add("- **" + plain(each.topic()) + "**: " + plain(each.question()));
      if (each.known() != null) {
        add("  The record says: " + plain(each.known()));
      }
    }
    add("");
  }

  private void followUps() {
    add("## Follow-ups", "");
    if (report.followUps().isEmpty()) {
      add("The runbook names none.", "");
      return;
    }
    for (Report.FollowUp each : report.followUps()) {
      add("- [ ] " + plain(each.name()) + ", by " + Words.moment(each.dueAt()));
    }
    add("");
  }

  private void record() {
    Report.Identity identity = report.identity();
    add("## Record", "");
    row("What", "Value");
    rule(2);
    row("Run", identity.runId());
    row("Workflow", identity.workflowId());
    row("Runbook", identity.runbook() + " (" + identity.kind() + ")");
    row("Target", identity.target());
    row("Plan", identity.planDigest());
    row("Started by", identity.startedBy());
    report.inputs().forEach((name, value) -> row("Input " + name, value));
  }

  private void add(String... more) {
    lines.addAll(List.of(more));
  }

  private void row(String... cells) {
    add(Stream.of(cells).map(Markdown::plain).collect(Collectors.joining(" | ", "| ", " |")));
  }

  private void rule(int columns) {
    add("|" + " --- |".repeat(columns));
  }

  private static String duration(@Nullable Duration duration) {
    return duration == null ? "–" : Words.duration(duration);
  }

  private static String orDash(@Nullable String text) {
    return text == null || text.isBlank() ? "–" : text;
  }

  /** On one line, and with nothing in it that Markdown or HTML would take for its own. */
  private static String plain(String text) {
    return text.strip()
        .replaceAll("\\s+", " ")
        .replaceAll("([\\\\`*_\\[\\]|#~])", "\\\\$1")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }
}
