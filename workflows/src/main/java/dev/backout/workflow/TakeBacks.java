package dev.backout.workflow;

import dev.backout.history.Choices;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.plan.ActionUse;
import dev.backout.plan.PlannedStep.TakeBack;
import java.util.List;
import java.util.Optional;

/** Takes one step back. Whether one in doubt is to be, a person says. */
final class TakeBacks {
  private final Run run;
  private final Actions actions;

  TakeBacks(Run run, Actions actions) {
    this.run = run;
    this.actions = actions;
  }

  StepResult carryOut(StepRun step, TakeBack back) {
    ActionUse use = back.use();
    if (use == null) {
      return unclear(step, back);
    }
    if (back.inDoubt() && step.attempt() == 0) {
      Optional<StepResult> instead = unlessWanted(step, back);
      if (instead.isPresent()) {
        return instead.get();
      }
    }
    return actions.carryOut(step, use, use.with());
  }

  private StepResult unclear(StepRun step, TakeBack back) {
    String why = back.problem() == null ? "It can't be told what to do." : back.problem();
    run.log().note(new RunEvent.StepFailed(RunLog.now(), step.path, why));
    return new StepResult.Failed(why);
  }

  /** Empty if it is to be taken back. */
  private Optional<StepResult> unlessWanted(StepRun step, TakeBack back) {
    Optional<Decision> decision =
        run.desk()
            .ask(
                Desk.question(
                    WaitingFor.DOUBT,
                    step.path,
                    "It isn't known whether `"
                        + back.step()
                        + "` has happened. Look at the system first. `undo` takes it back, `skip`"
                        + " leaves it as it is and goes on with the others, `stop` ends the run"
                        + " here.",
                    List.of(Choices.STOP, Choices.SKIP, Choices.UNDO)));
    if (decision.isEmpty()) {
      run.log()
          .note(
              new RunEvent.StepFailed(
                  RunLog.now(), step.path, "The run was stopped before this was decided."));
      return Optional.of(new StepResult.Ended());
    }
    return switch (decision.get().choice()) {
      case Choices.UNDO -> Optional.empty();
      case Choices.SKIP -> Optional.of(new StepResult.Skipped());
      default -> Optional.of(new StepResult.Ended());
    };
  }
}
