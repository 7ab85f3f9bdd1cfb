package dev.backout.workflow;

import dev.backout.history.Choices;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.StepPath;
import io.temporal.workflow.Workflow;
import java.util.List;
import java.util.Optional;

/** Before a step begins: whether the run is paused, and whether it asks before each. */
final class Pauses {
  private final Run run;

  Pauses(Run run) {
    this.run = run;
  }

  /** What becomes of the step. */
  enum Next {
    GO,
    SKIP,
    END
  }

  Next before(StepRun step) {
    if (run.desk().isPaused()) {
      hold();
    }
    if (run.ending().isSet()) {
      return Next.END;
    }
    return run.asksBeforeEachStep() ? ask(step) : Next.GO;
  }

  /** Branches side by side wait together, and one of them asks. */
  private void hold() {
    boolean isAsked = run.log().fold().waitingAt(StepPath.RUN).isPresent();
    if (!isAsked && !run.request().isChild()) {
      run.log()
          .note(
              new RunEvent.Asked(
                  RunLog.now(),
                  run.back()
                      .offered(
                          Desk.question(
                              WaitingFor.PAUSE,
                              StepPath.RUN,
                              "The run is paused: no further step begins. `continue` goes on, `stop`"
                                  + " ends it here.",
                              List.of(Choices.STOP, Choices.CONTINUE)))));
    }
    Workflow.await(() -> !run.desk().isPaused() || run.ending().isSet());
  }

  private Next ask(StepRun step) {
    Optional<Decision> decision =
        run.desk()
            .ask(
                run.back()
                    .offered(
                        Desk.question(
                            WaitingFor.STEP,
                            step.path,
                            "`"
                                + step.name
                                + "` comes next. `continue` does it, `skip` goes on without it,"
                                + " `stop` ends the run here.",
                            List.of(Choices.STOP, Choices.SKIP, Choices.CONTINUE))));
    return switch (decision.map(Decision::choice).orElse("")) {
      case Choices.CONTINUE -> Next.GO;
      case Choices.SKIP -> Next.SKIP;
      default -> Next.END;
    };
  }
}
