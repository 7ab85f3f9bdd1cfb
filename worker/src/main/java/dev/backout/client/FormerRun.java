package dev.backout.client;

import dev.backout.archive.RunSummary;
import dev.backout.history.Payloads;
import dev.backout.history.Resumption;
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
 * @param resumedBy the newest run that went on from it, and takes back what both did
 * @param since other runs of the target that began after this one had ended
 */
public record FormerRun(
    RunSummary run,
    ExecutionPlan plan,
    UndoPlan left,
    List<RunSummary> takenBackBy,
    Optional<RunSummary> resumedBy,
    List<RunSummary> since) {

  /**
   * @throws IllegalArgumentException if its history doesn't say what was planned
   */
  static FormerRun read(BackoutClient client, RunSummary run) {
    RunRequest request =
        request(client.history(run))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "The history of run " + run.runId() + " doesn't say what was planned."));
    ExecutionPlan plan = request.plan();
    RunStatus status = client.timeline(run).status();
    Scope start = Scope.of(plan).withRun(status.runId(), status.target(), status.startedBy());
    List<RunSummary> takenBackBy = new ArrayList<>();
    Optional<RunSummary> resumedBy = Optional.empty();
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
      } else if (goesOnFrom(run, client.timeline(later).status())) {
        resumedBy = resumedBy.or(() -> Optional.of(later));
      } else {
        since.add(later);
      }
    }
    UndoPlan all = UndoWalk.of(plan, status, start, path -> ofFormerChild(request, status, path));
    return new FormerRun(
        run, plan, without(all, undone), List.copyOf(takenBackBy), resumedBy, List.copyOf(since));
  }

  /** Of a child runbook that was taken over as done: its steps are in no history of this run. */
  private static Optional<UndoPlan> ofFormerChild(RunRequest request, RunStatus run, String path) {
    Resumption former = request.resumes();
    return former == null || !isTakenOver(run.steps(), path)
        ? Optional.empty()
        : Optional.ofNullable(former.undo().get(path));
  }

  private static boolean isTakenOver(List<StepStatus> steps, String path) {
    return steps.stream()
        .anyMatch(
            step ->
                (step.path().equals(path) && step.takenOverFrom() != null)
                    || isTakenOver(step.children(), path));
  }

  /** One that was refused at its start has taken nothing over. */
  static boolean goesOnFrom(RunSummary run, RunStatus later) {
    return run.runId().equals(later.resumes()) && !later.wasRefused();
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
    return request(history).map(RunRequest::plan);
  }

  private static Optional<RunRequest> request(WorkflowExecutionHistory history) {
    var start = history.getEvents().get(0).getWorkflowExecutionStartedEventAttributes();
    try {
      return Optional.ofNullable(
          Payloads.CONVERTER.fromPayloads(
              0, Optional.of(start.getInput()), RunRequest.class, RunRequest.class));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }
}
