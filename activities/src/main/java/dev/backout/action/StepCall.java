package dev.backout.action;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which step of which run an action serves. Travels as JSON, the second argument of every activity.
 *
 * @param step the step's path
 * @param attempt which execution of the step this is, as people count
 * @param admission who started the run and which policy let it begin; null for previews
 * @param approvals by whom the run's checkpoints have been opened so far
 */
public record StepCall(
    String runId,
    String runbook,
    String target,
    String step,
    int attempt,
    @Nullable Admission admission,
    List<Approval> approvals) {

  public StepCall {
    approvals = approvals == null ? List.of() : List.copyOf(approvals);
  }

  /**
   * Somebody's yes at a checkpoint that has opened.
   *
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

  /** What the step calls what it keeps of a system's former state: the run and the step. */
  public String label() {
    return runId.substring(0, Math.min(8, runId.length()))
        + "-"
        + step.replaceAll("[^A-Za-z0-9_.-]", "_");
  }

  /**
   * That a worker let a run begin.
   *
   * @param principal who started it: proven if {@code verified}, else as they say
   * @param policyHash of the policy that was in force; {@code none} where there was none
   */
  public record Admission(
      @Nullable String principal,
      boolean verified,
      String kind,
      String target,
      String policyHash) {}
}
