package dev.backout.cli.view;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.KnownSkips;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.ExecutionPlan.PlannedNotification;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.Closed;
import dev.backout.runbook.Occasion;
import dev.backout.workflow.PlanPreview;
import dev.backout.workflow.StepPreview;
import dev.backout.workflow.StepPreview.Kind;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a plan would do, before anything is touched. */
public final class PlanView {
  private final ExecutionPlan plan;
  private final PlanPreview preview;
  private final boolean isPreviewed;
  private final Set<String> skipped;
  private final Map<String, PlannedStep> planned = new LinkedHashMap<>();

  /**
   * @param preview what the worker said; null if it was not asked
   */
  public PlanView(ExecutionPlan plan, @Nullable PlanPreview preview) {
    this(plan, preview, KnownSkips.of(plan));
  }

  private PlanView(ExecutionPlan plan, @Nullable PlanPreview preview, Set<String> skipped) {
    this.plan = plan;
    this.preview = preview == null ? Outline.of(plan, skipped) : preview;
    this.isPreviewed = preview != null;
    this.skipped = skipped;
    Stream.of(plan.preflight(), plan.steps(), plan.lastly())
        .flatMap(List::stream)
        .forEach(step -> planned.put(step.id(), step));
  }

  /** Without a look at which steps will be skipped, which takes a part of a second. */
  public static PlanView inHaste(ExecutionPlan plan) {
    return new PlanView(plan, null, Set.of());
  }

  public Page page(Look look) {
    Page page = new Page(look);
    heading(page);
    inputs(page);
    triggers(page);
    steps(page, "Preflight", preview.preflight(), true);
    steps(page, "Steps", preview.steps(), false);
    steps(page, "Finally, whatever happens", preview.lastly(), false);
    followUps(page);
    notifications(page);
    page.blank();
    summary(page);
    return page;
  }

  /** Only the steps with these paths: what a run has still to do. */
  public Page only(Set<String> paths, Look look) {
    Page page = new Page(look);
    steps(
        page,
        "What comes next, as things are now",
        preview.steps().stream().filter(step -> paths.contains(step.path())).toList(),
        false);
    return page;
  }

  /** What is said of a plan that the reader has seen, and that still holds. */
  public Page again(Look look) {
    Page page = new Page(look);
    heading(page);
    page.wrapped(
        "", "As it was shown when it was saved: the preflight holds, and gives what it gave then.");
    return page;
  }

  private void heading(Page page) {
    Look look = page.look();
    page.add(
        Line.of(Tone.FAINT, "Plan ")
            .and(Tone.STRONG, plan.runbook())
            .and(" on ")
            .and(Tone.STRONG, plan.target())
            .and(Tone.FAINT, "  " + plan.kind())
            .cut(look.width(), look));
    page.wrapped("", plan.summary());
    page.add(Line.of(Tone.FAINT, digest(look)));
  }

  private String digest(Look look) {
    return look.isWide()
        ? plan.digest()
        : plan.digest().substring(0, Math.min(19, plan.digest().length()));
  }

  private void inputs(Page page) {
    if (plan.inputs().isEmpty()) {
      return;
    }
    page.blank().add(Line.of(Tone.FAINT, "Inputs"));
    Table table = new Table(page.look(), "  ", 1);
    plan.inputs().forEach((name, value) -> table.row(Line.of(name), Line.of(shown(value))));
    page.add(table.wrapped());
  }

  private static String shown(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }

  private void triggers(Page page) {
    if (plan.triggers().isEmpty()) {
      return;
    }
    page.blank().add(Line.of(Tone.FAINT, "When to take it"));
    if (!isPreviewed) {
      plan.triggers().forEach(trigger -> page.wrapped("  ", trigger.name()));
    }
    preview.triggers().forEach(trigger -> TriggerText.add(page, trigger));
  }

  private void steps(Page page, String heading, List<StepPreview> steps, boolean isPreflight) {
    if (steps.isEmpty()) {
      return;
    }
    page.blank().add(Line.of(Tone.FAINT, heading).cut(page.look().width(), page.look()));
    for (int i = 0; i < steps.size(); i++) {
      step(page, "  ", isPreflight ? "" : i + 1 + ". ", steps.get(i), isPreflight);
    }
  }

  private void step(
      Page page, String indent, String number, StepPreview step, boolean isPreflight) {
    page.wrapped(
        Line.of(indent).and(mark(step, isPreflight, page.look())).and(Tone.FAINT, number),
        Tone.STRONG,
        step.name());
    String below = indent + "    ";
    String about = about(step);
    if (!about.isEmpty()) {
      page.wrapped(Line.of(below), Tone.FAINT, about);
    }
    what(page, below, step);
    DetailBlocks blocks = new DetailBlocks(page, below);
    step.details().forEach(blocks::add);
    step.children().forEach(child -> step(page, indent + "  ", "", child, isPreflight));
  }

  private Line mark(StepPreview step, boolean isPreflight, Look look) {
    if (!isPreflight || !isPreviewed) {
      return Line.EMPTY;
    }
    return (step.problem() == null ? Mark.DONE : Mark.FAILED).line(look).and(" ");
  }

  private String about(StepPreview step) {
    StringBuilder about = new StringBuilder();
    if (!step.name().equals(step.path())) {
      about.append(step.path());
    }
    String action = step.action();
    append(about, action == null ? step.kind() : action);
    PlannedStep inPlan = planned.get(step.path());
    if (inPlan != null) {
      append(about, inPlan.budget() == null ? "" : "budget " + Times.limit(inPlan.budget()));
      append(about, inPlan.when() == null ? "" : "when " + inPlan.when());
      append(about, inPlan.runsOn() == null ? "" : "on " + inPlan.runsOn());
    }
    return about.toString();
  }

  private static void append(StringBuilder about, String more) {
    if (!more.isEmpty()) {
      about.append(about.isEmpty() ? "" : ", ").append(more);
    }
  }

  private void what(Page page, String indent, StepPreview step) {
    if (!step.dependsOn().isEmpty()) {
      page.wrapped(
          Line.of(indent),
          Tone.WARN,
          "Can't be told yet: it needs what "
              + String.join(" and ", step.dependsOn())
              + " gives, and that has not run.");
    } else if (!step.summary().isEmpty()) {
      Tone tone = step.changes() ? Tone.PLAIN : Tone.FAINT;
      page.wrapped(Line.of(indent), tone, step.summary());
    }
    checkpoint(page, indent, step);
    boolean isSaid = step.details().stream().anyMatch(detail -> detail.kind() == Kind.PROBLEM);
    if (step.problem() != null && !isSaid) {
      page.wrapped(Line.of(indent).and(Tone.BAD, "PROBLEM "), Tone.STRONG, step.problem());
    }
  }

  private void checkpoint(Page page, String indent, StepPreview step) {
    PlannedStep inPlan = planned.get(step.path());
    if (inPlan == null || !(inPlan.work() instanceof PlannedStep.Checkpoint gate)) {
      return;
    }
    String then =
        gate.escalateTo().stream()
            .map(next -> "then asks " + next + " for " + Times.limit(gate.timeout()) + ", ")
            .reduce("", String::concat);
    page.wrapped(
        Line.of(indent),
        Tone.ASK,
        "Waits for "
            + Wanted.of(gate.quorum(), gate.approvers(), gate.quorums())
            + ", for "
            + Times.limit(gate.timeout())
            + ", "
            + then
            + (gate.onTimeout() == Closed.UNDO
                ? "then takes back what was done."
                : "then stops the run."));
  }

  private void followUps(Page page) {
    if (plan.followUps().isEmpty()) {
      return;
    }
    page.blank().add(Line.of(Tone.FAINT, "Afterwards"));
    Table table = new Table(page.look(), "  ", 1);
    plan.followUps()
        .forEach(
            followUp ->
                table.row(
                    Line.of("within " + Times.limit(followUp.within())), Line.of(followUp.name())));
    page.add(table.wrapped());
  }

  private void notifications(Page page) {
    if (plan.notifications().isEmpty()) {
      return;
    }
    page.blank().add(Line.of(Tone.FAINT, "Tells"));
    Table table = new Table(page.look(), "  ", 1);
    for (PlannedNotification each : plan.notifications()) {
      String events =
          each.events().isEmpty()
              ? "everything"
              : each.events().stream().map(Occasion::word).collect(Collectors.joining(", "));
      String whom = each.asked().isEmpty() ? "" : ", of " + String.join(", ", each.asked());
      table.row(Line.of(each.name()), Line.of(each.use().action() + ": " + events + whom));
    }
    page.add(table.wrapped());
  }

  private void summary(Page page) {
    long losses = count(Kind.LOSS);
    List<StepPreview> problems = all().filter(step -> step.problem() != null).toList();
    if (losses > 0) {
      page.wrapped(
          Line.of(Tone.BAD, "LOSS "),
          Tone.PLAIN,
          (losses == 1 ? "One loss is" : losses + " losses are")
              + " shown above: read before you say yes.");
    }
    if (!problems.isEmpty()) {
      page.wrapped(
          Line.of(Tone.BAD, "PROBLEM "),
          Tone.PLAIN,
          "As things are now, this would fail: "
              + String.join(", ", problems.stream().map(StepPreview::path).toList())
              + ".");
    }
    times(page);
  }

  private void times(Page page) {
    Budgets budgets = Budgets.of(plan, skipped);
    Duration rto = plan.rto();
    StringBuilder text = new StringBuilder();
    if (!budgets.known().isZero()) {
      text.append("Budgets add up to ").append(Times.limit(budgets.known()));
      if (budgets.without() > 0) {
        text.append("; ")
            .append(budgets.without() == 1 ? "one step has" : budgets.without() + " steps have")
            .append(" none");
      }
      if (asksPeople()) {
        text.append("; what people take comes on top");
      }
      text.append(". ");
    }
    text.append(rto == null ? "No RTO is set." : "RTO " + Times.limit(rto));
    if (rto != null) {
      Duration left = rto.minus(budgets.known());
      text.append(left.isNegative() ? ": the budgets alone miss it." : ".");
    }
    if (plan.rpo() != null) {
      text.append(" RPO ").append(Times.limit(plan.rpo())).append(".");
    }
    boolean isTooLong = rto != null && budgets.known().compareTo(rto) > 0;
    page.wrapped(Line.EMPTY, isTooLong ? Tone.BAD : Tone.PLAIN, text.toString());
  }

  private boolean asksPeople() {
    return planned.values().stream()
        .anyMatch(step -> step.work() instanceof PlannedStep.Checkpoint);
  }

  private long count(Kind kind) {
    return all().flatMap(step -> step.details().stream()).filter(d -> d.kind() == kind).count();
  }

  private Stream<StepPreview> all() {
    return Stream.of(preview.preflight(), preview.steps(), preview.lastly())
        .flatMap(List::stream)
        .flatMap(PlanView::withChildren);
  }

  private static Stream<StepPreview> withChildren(StepPreview step) {
    return Stream.concat(Stream.of(step), step.children().stream().flatMap(PlanView::withChildren));
  }
}
