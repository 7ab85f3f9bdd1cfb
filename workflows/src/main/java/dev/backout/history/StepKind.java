package dev.backout.history;

import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.Work;
import org.jspecify.annotations.Nullable;

/** The words for what a step does, as the runbook writes them. */
public final class StepKind {
  private StepKind() {}

  public static String of(Work work) {
    if (work instanceof PlannedStep.Uses) {
      return "uses";
    } else if (work instanceof PlannedStep.Checkpoint) {
      return "checkpoint";
    } else if (work instanceof PlannedStep.Manual) {
      return "manual";
    } else if (work instanceof PlannedStep.Parallel) {
      return "parallel";
    } else if (work instanceof PlannedStep.Each) {
      return "each";
    } else if (work instanceof PlannedStep.CallRunbook) {
      return "runbook";
    } else if (work instanceof PlannedStep.TakeBack) {
      return "undo";
    }
    return "wait";
  }

  /** The action's name for {@code uses} and {@code wait}, else null. */
  public static @Nullable String actionOf(Work work) {
    if (work instanceof PlannedStep.Uses uses) {
      return uses.use().action();
    }
    if (work instanceof PlannedStep.TakeBack back) {
      return back.use() == null ? null : back.use().action();
    }
    return work instanceof PlannedStep.Wait wait ? wait.probe().action() : null;
  }
}
