package dev.backout.workflow;

import dev.backout.history.Choices;
import dev.backout.history.RunEvent;
import dev.backout.plan.PlannedStep.Manual;
import java.util.List;
import java.util.Optional;

/** What people do by hand: each item is ticked, and with the last one the step is done. */
final class Checklists {
  private final Run run;

  Checklists(Run run) {
    this.run = run;
  }

  StepResult through(StepRun step, Manual manual) {
    List<String> items = manual.items().stream().map(step.scope::renderText).toList();
    run.log()
        .note(new RunEvent.StepStarted(RunLog.now(), step.path, step.name, step.nextAttempt()));
    if (items.isEmpty()) {
      run.log().note(new RunEvent.StepDone(RunLog.now(), step.path, null));
      return new StepResult.Done(null);
    }
    Optional<Decision> last =
        run.desk().ask(run.back().offered(Desk.checklist(step.path, step.name, items)));
    if (last.isEmpty()) {
      String why = "The run was stopped before all of it was ticked.";
      run.log().note(new RunEvent.StepFailed(RunLog.now(), step.path, why));
      return new StepResult.Ended();
    }
    return switch (last.get().choice()) {
      case Choices.TICK -> new StepResult.Done(null);
      case Choices.SKIP -> new StepResult.Skipped();
      default -> new StepResult.Ended();
    };
  }
}
