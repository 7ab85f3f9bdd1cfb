package dev.backout.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
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
 * @param approvals by whom the run's checkpoints have been opened so far, for what an action has to
 *     note of it
 */
public record StepCall(
    String runId,
    String runbook,
    String target,
    String step,
    int attempt,
    @Nullable Admission admission,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Approval> approvals) {

  public StepCall {
    approvals = approvals == null ? List.of() : List.copyOf(approvals);
  }

  /**
   * Somebody's yes at a checkpoint that has opened.
   *
   * @param step the checkpoint's path
   * @param by who: proven if {@code verified}, else as they say
   */
  public record Approval(String step, String by, boolean verified) {}

  /** One of a run of whose checkpoints nothing is said. */
  public StepCall(
      String runId,
      String runbook,
      String target,
      String step,
      int attempt,
      @Nullable Admission admission) {
    this(runId, runbook, target, step, attempt, admission, List.of());
  }

  /** One of no run that a policy was asked about. */
  public StepCall(String runId, String runbook, String target, String step, int attempt) {
    this(runId, runbook, target, step, attempt, null);
  }
}
