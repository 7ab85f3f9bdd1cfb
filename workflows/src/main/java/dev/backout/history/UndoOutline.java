package dev.backout.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.plan.ActionUse;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What taking a whole run of a plan back would do, before there is one.
 *
 * @param steps those that change something, the last first; branches that run side by side stand in
 *     the order in which they are written, turned round
 */
public record UndoOutline(List<Line> steps) {

  /**
   * @param action what would take it back; null if nothing does
   * @param with its input as it is written, since most of it is not known before the step has run
   */
  public record Line(String step, String name, @Nullable String action, @Nullable JsonNode with) {}

  public static UndoOutline of(ExecutionPlan plan) {
    List<Line> lines = new ArrayList<>();
    steps("", plan.steps(), lines);
    Collections.reverse(lines);
    return new UndoOutline(List.copyOf(lines));
  }

  /** Whether every step that changes something can be taken back. */
  public boolean isComplete() {
    return steps.stream().allMatch(line -> line.action() != null);
  }

  private static void steps(String prefix, List<PlannedStep> steps, List<Line> lines) {
    steps.forEach(step -> step(StepPath.of(prefix, step.id()), step, lines));
  }

  private static void step(String path, PlannedStep step, List<Line> lines) {
    ActionUse undo = step.undo();
    if (undo != null) {
      lines.add(new Line(path, step.name(), undo.action(), undo.with()));
    } else if (step.work() instanceof PlannedStep.Parallel parallel) {
      parallel
          .branches()
          .forEach((name, steps) -> steps(StepPath.branch(path, name), steps, lines));
    } else if (step.work() instanceof PlannedStep.Each each) {
      steps(path + "[…]", each.steps(), lines);
    } else if (step.work() instanceof PlannedStep.CallRunbook call) {
      steps(path, call.plan().steps(), lines);
    } else if (changesSomething(step.work())) {
      lines.add(new Line(path, step.name(), null, null));
    }
  }

  /** Whether there is anything to take back once it is done. */
  static boolean changesSomething(PlannedStep.Work work) {
    return work instanceof PlannedStep.Manual
        || work instanceof PlannedStep.TakeBack
        || (work instanceof PlannedStep.Uses uses && uses.use().leavesSomething());
  }
}
