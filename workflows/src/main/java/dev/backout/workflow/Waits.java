package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.AttemptFailure;
import dev.backout.history.RunEvent;
import dev.backout.plan.PlannedStep.Wait;
import dev.backout.runbook.expression.DurationText;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;

/** Asks a probe again and again until a condition holds or the deadline has passed. */
final class Waits {
  private static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);

  private final Run run;
  private final Actions actions;

  Waits(Run run, Actions actions) {
    this.run = run;
    this.actions = actions;
  }

  StepResult until(StepRun step, Wait wait) {
    JsonNode input = step.scope.render(wait.probe().with());
    Instant deadline = RunLog.now().plus(step.step.timeout());
    String last = "the probe gave no answer";
    while (true) {
      run.log()
          .seen(new RunEvent.StepStarted(RunLog.now(), step.path, step.name, step.nextAttempt()));
      try {
        JsonNode outputs =
            actions.call(step, wait.probe(), input, longer(until(deadline), SHORTEST_TIMEOUT));
        if (step.scope.withOutputs(outputs, wait.probe().outputs()).test(wait.until())) {
          run.log().note(new RunEvent.StepDone(RunLog.now(), step.path, outputs));
          return new StepResult.Done(outputs);
        }
        last = "`" + wait.until() + "` did not hold";
      } catch (ActivityFailure e) {
        last = notYet(step, wait, e);
      }
      if (run.ending().isSet()) {
        return failed(step, "The run was stopped while it waited; last, " + last + ".");
      }
      if (until(deadline).compareTo(wait.interval()) < 0) {
        return failed(
            step,
            "It did not come true within "
                + DurationText.print(step.step.timeout())
                + "; last, "
                + last
                + ".");
      }
      boolean ignored = Workflow.await(wait.interval(), run.ending()::isSet);
    }
  }

  private String notYet(StepRun step, Wait wait, ActivityFailure e) {
    if (CancellationScope.current().isCancelRequested()) {
      run.log().note(new RunEvent.StepFailed(RunLog.now(), step.path, "It was cancelled."));
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
    String message = AttemptFailure.of(e, wait.probe().repeatability()).message();
    run.log().seen(new RunEvent.NotYet(RunLog.now(), step.path, message));
    return "the probe failed: " + message;
  }

  private StepResult failed(StepRun step, String why) {
    run.log().note(new RunEvent.StepFailed(RunLog.now(), step.path, why));
    return new StepResult.Failed(why);
  }

  private static Duration until(Instant deadline) {
    return Duration.between(RunLog.now(), deadline);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
