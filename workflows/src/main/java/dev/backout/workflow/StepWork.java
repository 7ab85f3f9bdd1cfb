package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.ValueType;
import dev.backout.history.RunEvent;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.Work;
import dev.backout.plan.Scope;
import dev.backout.runbook.expression.EvaluationException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One go at a step, of whatever kind: its condition, its work, what is expected of it. */
final class StepWork {
  private final Run run;
  private final Actions actions;
  private final Gates gates;
  private final Waits waits;
  private final Children children;
  private final Groups groups;
  private final Checklists checklists;
  private final TakeBacks takeBacks;
  private final Budgets budgets;

  StepWork(Run run, StepRunner steps) {
    this.run = run;
    this.actions = new Actions(run);
    this.gates = new Gates(run);
    this.waits = new Waits(run, actions);
    this.children = new Children(run);
    this.groups = new Groups(run, steps);
    this.checklists = new Checklists(run);
    this.takeBacks = new TakeBacks(run, actions);
    this.budgets = new Budgets(run.log());
  }

  /**
   * @param gained what the steps within it have added to what later steps can see
   */
  record Outcome(StepResult result, List<Progress.Gain> gained) {
    static Outcome of(StepResult result) {
      return new Outcome(result, List.of());
    }
  }

  Outcome go(StepRun step) {
    try {
      Optional<StepResult> former = ofFormerRuns(step, step.step.work());
      if (former.isPresent()) {
        return asExpected(step, Outcome.of(former.get()));
      }
      String when = step.step.when();
      if (when != null && !step.scope.test(when)) {
        return Outcome.of(skipped(step, when));
      }
      Outcome outcome = budgets.watch(step, () -> dispatch(step, step.step.work()));
      return asExpected(step, outcome);
    } catch (EvaluationException e) {
      return Outcome.of(failed(step, String.valueOf(e.getMessage())));
    }
  }

  private Optional<StepResult> ofFormerRuns(StepRun step, Work work) {
    if (step.former() == null) {
      return Optional.empty();
    }
    if (work instanceof PlannedStep.Uses uses) {
      return actions.ofFormerRuns(step, uses.use());
    }
    step.settled();
    return Optional.of(
        new StepResult.InDoubt(
            "A former run called its runbook, and what that did isn't known here."));
  }

  private Outcome asExpected(StepRun step, Outcome outcome) {
    return outcome.result() instanceof StepResult.Done done
        ? new Outcome(expected(step, done), outcome.gained())
        : outcome;
  }

  private Outcome dispatch(StepRun step, Work work) {
    if (work instanceof PlannedStep.Uses uses) {
      return Outcome.of(actions.carryOut(step, uses.use()));
    } else if (work instanceof PlannedStep.Checkpoint gate) {
      return Outcome.of(gates.pass(step, gate));
    } else if (work instanceof PlannedStep.Wait wait) {
      return Outcome.of(waits.until(step, wait));
    } else if (work instanceof PlannedStep.CallRunbook call) {
      return Outcome.of(children.call(step, call));
    } else if (work instanceof PlannedStep.Parallel parallel) {
      return of(groups.parallel(step, parallel));
    } else if (work instanceof PlannedStep.Each each) {
      return of(groups.each(step, each));
    } else if (work instanceof PlannedStep.TakeBack back) {
      return Outcome.of(takeBacks.carryOut(step, back));
    }
    return Outcome.of(checklists.through(step, (PlannedStep.Manual) work));
  }

  private static Outcome of(Groups.Outcome outcome) {
    return new Outcome(outcome.result(), outcome.gained());
  }

  private StepResult skipped(StepRun step, String when) {
    run.log()
        .note(
            new RunEvent.StepSkipped(
                RunLog.now(), step.path, step.name, "`" + when + "` does not hold."));
    return new StepResult.Skipped();
  }

  /** An act whose result is not as expected has failed, though it has happened. */
  private StepResult expected(StepRun step, StepResult.Done done) {
    Scope after = withOutputs(step, done.outputs());
    for (String condition : step.step.expect()) {
      if (!after.test(condition)) {
        return failed(step, Unmet.said(condition, done.outputs()));
      }
    }
    return done;
  }

  private static Scope withOutputs(StepRun step, @Nullable JsonNode outputs) {
    ValueType.Struct types = Progress.outputTypes(step.step.work());
    // Also proves that the outputs are what the plan says, before a later step relies on it.
    return step.scope.withStep(step.step.id(), true, outputs, types).withOutputs(outputs, types);
  }

  private StepResult failed(StepRun step, String why) {
    run.log().note(new RunEvent.StepFailed(RunLog.now(), step.path, why));
    return new StepResult.Failed(why);
  }
}
