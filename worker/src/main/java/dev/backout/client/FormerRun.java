package dev.backout.client;

import dev.backout.archive.RunSummary;
import dev.backout.history.Payloads;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.UndoPlan;
import dev.backout.history.UndoWalk;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.Scope;
import dev.backout.plan.TakeBackPlan;
import dev.backout.workflow.RunRequest;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A run that has ended, and what of it can still be taken back: from its own history, and from
 * those of the runs that have taken it back since.
 *
 * @param takenBackBy runs that took back some of it, the newest first
 * @param since other runs of the target that began after this one had ended
 */
public record FormerRun(
    RunSummary run,
    ExecutionPlan plan,
    UndoPlan left,
    List<RunSummary> takenBackBy,
    List<RunSummary> since) {

  /**
   * @throws IllegalArgumentException if its history doesn't say what was planned
   */
  static FormerRun read(BackoutClient client, RunSummary run) {
    ExecutionPlan plan =
        plan(client.history(run))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "The history of run " + run.runId() + " doesn't say what was planned."));
    RunStatus status = client.timeline(run).status();
    Scope start = Scope.of(plan).withRun(status.runId(), status.target(), status.startedBy());
    List<RunSummary> takenBackBy = new ArrayList<>();
    List<RunSummary> since = new ArrayList<>();
    Set<String> undone = new HashSet<>();
    for (RunSummary later : later(client, run)) {
      if (plan(client.history(later))
          .flatMap(TakeBackPlan::undoes)
          .equals(Optional.of(run.runId()))) {
        takenBackBy.add(later);
        client.timeline(later).status().steps().stream()
            .filter(step -> step.state() == StepState.DONE)
            .map(StepStatus::path)
            .forEach(undone::add);
      } else {
        since.add(later);
      }
    }
    UndoPlan all = UndoWalk.of(plan, status, start, path -> Optional.empty());
    return new FormerRun(
        run, plan, without(all, undone), List.copyOf(takenBackBy), List.copyOf(since));
  }

  static List<RunSummary> later(BackoutClient client, RunSummary run) {
    return client.runs().stream()
        .filter(
            each ->
                each.target().equals(run.target())
                    && !each.runId().equals(run.runId())
                    && each.startedAt().isAfter(run.startedAt()))
        .toList();
  }

  private static UndoPlan without(UndoPlan plan, Set<String> undone) {
    return new UndoPlan(
        plan.steps().stream().filter(step -> !undone.contains(step.id())).toList(), plan.stays());
  }

  /** From a run's own input; empty where it was written with another key. */
  public static Optional<ExecutionPlan> plan(WorkflowExecutionHistory history) {
    var start = history.getEvents().get(0).getWorkflowExecutionStartedEventAttributes();
    try {
      return Optional.ofNullable(
              Payloads.CONVERTER.fromPayloads(
                  0, Optional.of(start.getInput()), RunRequest.class, RunRequest.class))
          .map(RunRequest::plan);
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }
}
