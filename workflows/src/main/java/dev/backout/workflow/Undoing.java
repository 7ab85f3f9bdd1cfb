package dev.backout.workflow;

import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.UndoPlan;
import dev.backout.plan.Scope;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a run back, what was done last first. Nothing but a person's word stops it: it is in a
 * scope that a cancellation doesn't reach.
 */
final class Undoing {
  private final Run run;
  private final Objectives objectives;

  Undoing(Run run, Objectives objectives) {
    this.run = run;
    this.objectives = objectives;
  }

  /**
   * How it ended.
   *
   * @param outcome with why it was begun
   */
  record Result(RunState state, String outcome) {}

  Result all(Ending.Reason why) {
    UndoPlan plan = run.back().plan();
    run.log()
        .note(
            new RunEvent.UndoStarted(
                RunLog.now(), why.by(), why.outcome(), plan.steps(), plan.stays()));
    Ending end = new Ending();
    run.desk().heed(end);
    Interruptible.detached(end, () -> carryOut(plan, end));
    return result(why, plan);
  }

  private void carryOut(UndoPlan plan, Ending end) {
    Scope nothing = Scope.of(run.plan());
    Progress ignored = new StepRunner(run.until(end), objectives).all(plan.steps(), "", nothing);
  }

  private Result result(Ending.Reason why, UndoPlan plan) {
    List<StepStatus> undo = run.log().status().undo();
    List<String> left =
        undo.stream()
            .filter(step -> step.state() != StepState.DONE)
            .map(step -> "`" + step.name() + "`")
            .toList();
    List<String> stays = plan.stays().stream().map(each -> "`" + each.step() + "`").toList();
    boolean all = left.isEmpty() && stays.isEmpty();
    return new Result(
        all ? RunState.UNDONE : why.state(),
        sentence(why.outcome()) + " " + sentence(undo.size(), left, stays));
  }

  private static String sentence(String outcome) {
    return outcome.endsWith(".") || outcome.endsWith("!") || outcome.endsWith("?")
        ? outcome
        : outcome + ".";
  }

  private static String sentence(int steps, List<String> left, List<String> stays) {
    List<String> parts = new ArrayList<>();
    if (steps == 0) {
      parts.add("There was nothing to take back");
    } else if (left.isEmpty()) {
      parts.add(steps == 1 ? "1 step was taken back" : steps + " steps were taken back");
    } else {
      parts.add((steps - left.size()) + " of " + steps + " steps were taken back");
      parts.add("not done: " + String.join(", ", left));
    }
    if (!stays.isEmpty()) {
      parts.add("without an undo, and left as they are: " + String.join(", ", stays));
    }
    return String.join("; ", parts) + ".";
  }
}
