package dev.backout.workflow;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepState;
import java.util.ArrayList;
import java.util.List;

/** How a run that came to its end ended, in one sentence. */
final class Outcomes {
  private Outcomes() {}

  static String of(RunStatus run) {
    long done = count(run, StepState.DONE);
    List<String> parts = new ArrayList<>();
    parts.add(done == 1 ? "1 step done" : done + " steps done");
    add(parts, count(run, StepState.SKIPPED), "skipped");
    add(parts, count(run, StepState.FAILED), "failed and passed over");
    add(parts, count(run, StepState.IN_DOUBT), "in doubt and passed over");
    return String.join(", ", parts) + ".";
  }

  private static long count(RunStatus run, StepState state) {
    return run.steps().stream().filter(step -> step.state() == state).count();
  }

  private static void add(List<String> parts, long count, String what) {
    if (count > 0) {
      parts.add(count + " " + what);
    }
  }
}
