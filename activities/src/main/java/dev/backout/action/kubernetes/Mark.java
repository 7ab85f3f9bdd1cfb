package dev.backout.action.kubernetes;

import dev.backout.action.StepCall;

/** The name under which the API server notes what a step has changed: its field manager. */
final class Mark {
  private static final int LONGEST = 100;

  private Mark() {}

  static String of(StepCall call) {
    String name = "backout-" + call.label();
    return name.substring(0, Math.min(LONGEST, name.length()));
  }
}
