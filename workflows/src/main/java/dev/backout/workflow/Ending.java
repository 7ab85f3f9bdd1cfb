package dev.backout.workflow;

import dev.backout.history.RunStatus.RunState;
import org.jspecify.annotations.Nullable;

/** Whether the run is to end before its last step, and why. The first reason counts. */
final class Ending {

  /**
   * @param by who ended it; null for the runbook's own word
   * @param undo whether what was done is to be taken back
   */
  record Reason(RunState state, String outcome, @Nullable String by, boolean undo) {}

  private @Nullable Reason reason;
  private @Nullable Runnable interruption;

  boolean isSet() {
    return reason != null;
  }

  void set(RunState state, String outcome, @Nullable String by) {
    if (reason == null) {
      reason = new Reason(state, outcome, by, false);
    }
  }

  /**
   * Everything is taken back first.
   *
   * @param state how the run has ended if that doesn't succeed
   */
  void setUndo(RunState state, String outcome, @Nullable String by) {
    if (reason == null) {
      reason = new Reason(state, outcome, by, true);
    }
  }

  /** What ends the step under way, where it is not to finish. */
  void interruptedBy(Runnable how) {
    interruption = how;
  }

  void interrupt() {
    if (interruption != null) {
      interruption.run();
    }
  }

  boolean isUndo() {
    return reason != null && reason.undo();
  }

  @Nullable Reason reason() {
    return reason;
  }
}
