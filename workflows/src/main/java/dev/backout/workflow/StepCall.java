package dev.backout.workflow;

import org.jspecify.annotations.Nullable;

/**
 * The second argument of every activity: which step of which run this is. The first is the action's
 * input as JSON.
 *
 * @param step the step's path
 * @param attempt which execution of the step this is, as people count: every repetition has its own
 *     number, whether the step's {@code retry} or a person asked for it
 * @param admission that a worker let the run begin; null for previews and in runs of releases that
 *     didn't ask
 */
public record StepCall(
    String runId,
    String runbook,
    String target,
    String step,
    int attempt,
    @Nullable Admission admission) {

  /** One of no run that a policy was asked about. */
  public StepCall(String runId, String runbook, String target, String step, int attempt) {
    this(runId, runbook, target, step, attempt, null);
  }
}
