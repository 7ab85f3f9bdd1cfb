package dev.backout.cli.view;

import dev.backout.proof.Finding;
import dev.backout.proof.Finding.Subject;
import dev.backout.proof.ProofReport;
import dev.backout.proof.RunProof;
import dev.backout.proof.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What came of checking a run's signatures again. */
public final class ProofView {
  private final ProofReport report;

  public ProofView(ProofReport report) {
    this.report = report;
  }

  public Page page(Look look) {
    Page page = new Page(look);
    report.runs().forEach(run -> run(run, page.blank()));
    page.blank();
    page.wrapped(
        Mark.line(report.verdict(), look).and(" "), tone(report.verdict()), sentence(report));
    return page;
  }

  private static void run(RunProof run, Page page) {
    page.add(
        Line.of(Tone.STRONG, run.runbook())
            .and(run.target().contains("${{") ? "" : " on ")
            .and(Tone.STRONG, run.target().contains("${{") ? "" : run.target())
            .and(Tone.FAINT, "  run " + run.runId()));
    for (Finding finding : run.findings()) {
      Verdict verdict = finding.verdict();
      Line head =
          Line.of("  ")
              .and(Mark.line(verdict, page.look()))
              .and(" ")
              .and(tone(verdict), word(verdict))
              .padded(15);
      page.wrapped(head, Tone.PLAIN, what(finding, run));
      details(finding, page.look()).forEach(text -> page.wrapped(" ".repeat(15), text));
    }
    if (!run.finished()) {
      page.wrapped(
          Line.of("  "),
          Tone.FAINT,
          "The record ends while the run goes on: what came after its event "
              + run.events()
              + " is not in it.");
    }
  }

  private static String what(Finding finding, RunProof run) {
    return switch (finding.subject()) {
      case PLAN -> "plan " + run.planDigest();
      case START -> "start, by " + (finding.by() == null ? "somebody" : finding.by());
      case RECORD -> "the record" + (at(finding).isEmpty() ? "" : " at " + at(finding));
      case CHILD -> "child runbook at " + at(finding);
      case EVIDENCE -> "evidence" + (at(finding).isEmpty() ? "" : " of " + at(finding));
      case DECISION ->
          finding.choice()
              + " of "
              + (at(finding).isEmpty() ? "the run" : at(finding))
              + ", by "
              + finding.by()
              + (finding.reason() == null ? "" : ": " + finding.reason());
    };
  }

  private static String at(Finding finding) {
    return finding.step() == null ? "" : finding.step();
  }

  private static List<String> details(Finding finding, Look look) {
    List<String> details = new ArrayList<>();
    if (finding.key() != null && finding.at() != null) {
      details.add("signed " + Times.moment(finding.at(), look.zone()) + " with " + finding.key());
    }
    if (finding.sentBy() != null) {
      details.add("sent, as the server says, by " + finding.sentBy());
    }
    details.addAll(finding.remarks());
    return details;
  }

  private static String word(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT);
  }

  static Tone tone(Verdict verdict) {
    return switch (verdict) {
      case PROVEN -> Tone.GOOD;
      case UNCHECKED, UNVERIFIED -> Tone.WARN;
      case UNPROVEN, ALTERED -> Tone.BAD;
    };
  }

  private static String sentence(ProofReport report) {
    String judged =
        report.signers() == null
            ? ""
            : " Judged by "
                + report.signers()
                + (report.policy() == null ? "." : ", policy " + report.policy() + ".");
    String said =
        switch (report.verdict()) {
          case PROVEN ->
              "Nothing was altered, and all is proven: the plan"
                  + (count(report, Subject.START, Verdict.PROVEN) > 0 ? ", the start" : "")
                  + " and "
                  + counted(count(report, Subject.DECISION, Verdict.PROVEN), "decision")
                  + ".";
          case UNCHECKED ->
              "Nothing was found altered. Not all could be checked: "
                  + count(report, Verdict.UNCHECKED)
                  + " of "
                  + counted(findings(report).count(), "thing")
                  + ".";
          case UNVERIFIED ->
              "Nothing was found altered. Not all is proven: "
                  + count(report, Verdict.UNVERIFIED)
                  + " of "
                  + counted(findings(report).count(), "thing")
                  + " rest on a bare name.";
          case UNPROVEN ->
              count(report, Verdict.UNPROVEN)
                  + " of "
                  + counted(findings(report).count(), "thing")
                  + " claim a proof that does not hold here.";
          case ALTERED ->
              "The record was altered: "
                  + count(report, Verdict.ALTERED)
                  + " of "
                  + counted(findings(report).count(), "thing")
                  + ".";
        };
    return said + judged;
  }

  private static Stream<Finding> findings(ProofReport report) {
    return report.runs().stream().flatMap(run -> run.findings().stream());
  }

  private static long count(ProofReport report, Verdict verdict) {
    return findings(report).filter(each -> each.verdict() == verdict).count();
  }

  private static long count(ProofReport report, Subject subject, Verdict verdict) {
    return findings(report)
        .filter(each -> each.subject() == subject && each.verdict() == verdict)
        .count();
  }

  private static String counted(long count, String thing) {
    return count + " " + thing + (count == 1 ? "" : "s");
  }
}
