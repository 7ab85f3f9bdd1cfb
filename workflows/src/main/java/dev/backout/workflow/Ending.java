package dev.backout.workflow;

import dev.backout.history.RunStatus.RunState;
import org.jspecify.annotations.Nullable;

/** Whether the run is to end before its last step, and why. The first reason counts. */
final class Ending {

  /**
   * @param by who ended it; null for the runbook's own word
   */
  record Reason(RunState state, String outcome, @Nullable String by) {}

  private @Nullable Reason reason;

  boolean isSet() {
    return reason != null;
  }

  void set(RunState state, String outcome, @Nullable String by) {
    if (reason == null) {
      reason = new Reason(state, outcome, by);
    }
  }

  @Nullable Reason reason() {
    return reason;
  }
}
