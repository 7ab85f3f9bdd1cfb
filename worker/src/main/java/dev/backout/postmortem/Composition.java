package dev.backout.postmortem;

import dev.backout.history.Elapsed;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatus.Tick;
import dev.backout.history.Timeline;
import dev.backout.plan.ExecutionPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the report together from the record. */
final class Composition {
  private static final Set<Timeline.Type> TROUBLE =
      Set.of(
          Timeline.Type.STEP_FAILED,
          Timeline.Type.STEP_IN_DOUBT,
          Timeline.Type.DOUBT_EXAMINED,
          Timeline.Type.RETRYING,
          Timeline.Type.ESCALATED,
          Timeline.Type.OVER_BUDGET,
          Timeline.Type.OBJECTIVE_AT_RISK,
          Timeline.Type.NOT_TOLD);

  private final Timeline timeline;
  private final RunStatus status;
  private final @Nullable ExecutionPlan plan;

  Composition(Timeline timeline, @Nullable ExecutionPlan plan) {
    this.timeline = timeline;
    this.status = timeline.status();
    this.plan = plan;
  }

  Report report() {
    Report.Impact impact = new ImpactOfRun(timeline).impact();
    List<Report.Trouble> troubles = troubles();
    List<Report.DecisionLine> decisions = decisions();
    return new Report(
        Words.capitalised(status.kind()) + " rollback of " + status.target(),
        outcome(),
        status.state().isFinal(),
        new Summary(status, impact, decisions).paragraph(),
        impact,
        objectives(),
        timeline.entries().stream().map(this::event).toList(),
        Gantt.of(timeline),
        steps(),
        decisions,
        troubles,
        FilesWithHashes.of(status),
        new Questions(status, impact, decisions, troubles).list(),
        status.followUps().stream()
            .map(each -> new Report.FollowUp(each.name(), each.within(), each.dueAt()))
            .toList(),
        inputs(),
        identity());
  }

  private String outcome() {
    String state = Words.capitalised(Words.of(status.state()));
    return status.outcome() == null ? state : state + ": " + status.outcome();
  }

  private List<Report.Objective> objectives() {
    return timeline.objectives().stream()
        .map(
            each ->
                new Report.Objective(
                    each.name(),
                    each.limit(),
                    each.actual(),
                    each.met() == null ? "open" : each.met() ? "met" : "missed",
                    each.explanation()))
        .toList();
  }

  private Report.Event event(Timeline.Entry entry) {
    return new Report.Event(
        entry.at(),
        Elapsed.between(status.incidentAt(), entry.at()),
        Words.of(entry.type()),
        entry.step(),
        entry.text(),
        entry.took(),
        TROUBLE.contains(entry.type()));
  }

  private List<Report.StepLine> steps() {
    return Steps.all(status).stream().map(Composition::line).toList();
  }

  private static Report.StepLine line(Steps.Placed placed) {
    StepStatus step = placed.step();
    Duration took = took(step);
    Duration budget = step.budget();
    return new Report.StepLine(
        step.path(),
        step.name(),
        placed.depth(),
        step.action(),
        Words.of(step.state()),
        step.attempt(),
        took,
        budget,
        took != null && budget != null && took.compareTo(budget) > 0);
  }

  private static @Nullable Duration took(StepStatus step) {
    Instant from = step.startedAt();
    Instant until = step.finishedAt();
    return from == null || until == null ? null : Elapsed.between(from, until);
  }

  private List<Report.DecisionLine> decisions() {
    return Steps.all(status).stream()
        .flatMap(placed -> placed.step().decisions().stream())
        .map(
            taken ->
                new Report.DecisionLine(
                    taken.at(),
                    taken.step(),
                    choice(taken),
                    taken.by(),
                    taken.reason(),
                    taken.verified()))
        .sorted(Comparator.comparing(Report.DecisionLine::at))
        .toList();
  }

  private static String choice(TakenDecision taken) {
    Tick tick = taken.tick();
    if (tick == null) {
      return taken.choice();
    }
    String file =
        tick.sha256() == null ? "" : " (" + tick.file() + ", SHA-256 " + tick.sha256() + ")";
    return taken.choice() + " " + tick.item() + ", " + tick.text() + file;
  }

  private List<Report.Trouble> troubles() {
    List<Report.Trouble> told =
        timeline.entries().stream()
            .filter(entry -> TROUBLE.contains(entry.type()))
            .map(entry -> new Report.Trouble(entry.at(), entry.step(), entry.text()))
            .toList();
    return told.isEmpty() ? failedSteps() : told;
  }

  /** For a record without entries for them. */
  private List<Report.Trouble> failedSteps() {
    return Steps.leaves(status)
        .filter(step -> step.state() == StepState.FAILED || step.state() == StepState.IN_DOUBT)
        .map(
            step ->
                new Report.Trouble(
                    step.finishedAt(),
                    step.path(),
                    step.failure() == null ? Words.of(step.state()) : step.failure()))
        .toList();
  }

  private Map<String, String> inputs() {
    Map<String, String> inputs = new LinkedHashMap<>();
    if (plan != null) {
      plan.inputs()
          .forEach(
              (name, value) ->
                  inputs.put(name, value.isValueNode() ? value.asText() : value.toString()));
    }
    return inputs;
  }

  private Report.Identity identity() {
    return new Report.Identity(
        status.runId(),
        status.workflowId(),
        status.runbook(),
        status.kind(),
        status.target(),
        status.planDigest(),
        status.startedBy());
  }
}
