package dev.backout.workflow;

import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.UndoWalk;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.Scope;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.util.ArrayList;
import java.util.List;

/**
 * What runs whatever has happened, when the run has its end: in a scope that a cancellation doesn't
 * reach. It says nothing about how the run ended.
 */
final class Lastly {
  private final Run run;
  private final Objectives objectives;

  Lastly(Run run, Objectives objectives) {
    this.run = run;
    this.objectives = objectives;
  }

  void all() {
    if (run.plan().lastly().isEmpty()) {
      return;
    }
    Ending end = new Ending();
    run.desk().heed(end);
    StepRunner steps = new StepRunner(run.until(end), objectives);
    // Of a long run that is a long walk.
    Scope scope = WorkflowUnsafe.deadlockDetectorOff(this::known);
    Interruptible.detached(
        end,
        () -> {
          Progress ignored = steps.all(run.plan().lastly(), "", scope);
        });
  }

  /** What was not reached was not done. */
  private Scope known() {
    Scope reached = UndoWalk.reached(run.plan(), run.log().status(), run.back().start());
    Scope scope = missing(run.plan().preflight(), reached);
    return missing(run.plan().steps(), scope);
  }

  private static Scope missing(List<PlannedStep> steps, Scope reached) {
    Scope scope = reached;
    for (PlannedStep step : steps) {
      if (step.work() instanceof PlannedStep.Parallel parallel) {
        for (List<PlannedStep> branch : parallel.branches().values()) {
          scope = missing(branch, scope);
        }
      }
      if (!scope.hasStep(step.id())) {
        Progress.Gain gain = Progress.Gain.notDone(step);
        scope = scope.withStep(gain.id(), false, null, gain.types());
      }
    }
    return scope;
  }

  /** What has to be said besides how the run ended; empty if all was done. */
  String remark() {
    List<String> failed = new ArrayList<>();
    for (StepStatus step : run.log().status().lastly()) {
      if (step.state() != StepState.DONE && step.state() != StepState.SKIPPED) {
        failed.add("`" + step.path() + "`");
      }
    }
    return failed.isEmpty()
        ? ""
        : " Of what runs whatever happens, this was not done: " + String.join(", ", failed) + ".";
  }
}
