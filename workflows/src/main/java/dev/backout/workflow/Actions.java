package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.Repeatability;
import dev.backout.history.AttemptFailure;
import dev.backout.history.RunEvent;
import dev.backout.history.StepPath;
import dev.backout.plan.ActionUse;
import dev.backout.plan.PlannedStep;
import io.temporal.activity.ActivityCancellationType;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Carries out actions. Every execution is an activity of its own with one attempt, so that each is
 * in the history and in the status with its failure; repeating is the workflow's business.
 */
final class Actions {
  /** A worker that is silent for longer is taken for lost. */
  static final Duration HEARTBEAT_TIMEOUT = Duration.ofSeconds(30);

  /** How long a step lies in its task queue before a person is told that nobody takes it. */
  static final Duration PICK_UP_TIMEOUT = Duration.ofMinutes(10);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /** How often an attempt that is found not to have happened is made again without asking. */
  private static final int MOST_FRESH_ATTEMPTS = 3;

  private final Run run;
  private final Doubts doubts;

  Actions(Run run) {
    this.run = run;
    this.doubts = new Doubts(run, new Probes(run, this));
  }

  StepResult carryOut(StepRun step, ActionUse use) {
    return carryOut(step, use, step.scope.render(use.with()));
  }

  StepResult carryOut(StepRun step, ActionUse use, JsonNode input) {
    PlannedStep.Retry retry = step.step.retry();
    int attempts =
        retry == null || use.repeatability() == Repeatability.NEVER ? 1 : retry.attempts();
    Duration pause = retry == null ? Duration.ZERO : retry.interval();
    for (int left = attempts - 1; ; left--) {
      Attempt attempt = settled(step, use, input);
      AttemptFailure failure = attempt.failure();
      if (failure == null || !failure.retryable() || left <= 0 || run.ending().isSet()) {
        return attempt.result();
      }
      run.log().note(new RunEvent.Retrying(RunLog.now(), step.path, step.attempt() + 1, pause));
      if (Workflow.await(pause, run.ending()::isSet)) {
        run.log().note(new RunEvent.StepFailed(RunLog.now(), step.path, failure.message()));
        return new StepResult.Failed(failure.message());
      }
      pause = min(pause.multipliedBy(2), LONGEST_PAUSE);
    }
  }

  /** What came of a step that former runs may have carried out; empty if it is to be done now. */
  Optional<StepResult> ofFormerRuns(StepRun step, ActionUse use) {
    Doubts.Verdict verdict = doubts.settle(step);
    step.settled();
    if (verdict instanceof Doubts.Happened happened) {
      run.former().confirmed(step, happened.outputs());
      return Optional.of(new StepResult.Done(happened.outputs()));
    }
    boolean mayBeDoneTwice = use.repeatability() != Repeatability.NEVER;
    return verdict instanceof Doubts.Open open && !mayBeDoneTwice
        ? Optional.of(
            new StepResult.InDoubt(("A former run may have done it. " + open.known()).strip()))
        : Optional.empty();
  }

  /** With doubts about it settled, as far as that can be done without a person. */
  private Attempt settled(StepRun step, ActionUse use, JsonNode input) {
    for (int left = MOST_FRESH_ATTEMPTS; ; left--) {
      Attempt attempt = attempt(step, use, input);
      if (!(attempt.result() instanceof StepResult.InDoubt doubt)) {
        return attempt;
      }
      Doubts.Verdict verdict = doubts.settle(step);
      if (!(verdict instanceof Doubts.NotHappened) || left <= 0 || run.ending().isSet()) {
        return new Attempt(after(step, doubt, verdict), null);
      }
    }
  }

  private StepResult after(StepRun step, StepResult.InDoubt doubt, Doubts.Verdict verdict) {
    if (verdict instanceof Doubts.Happened happened) {
      run.log().note(new RunEvent.StepDone(RunLog.now(), step.path, happened.outputs()));
      return new StepResult.Done(happened.outputs());
    } else if (verdict instanceof Doubts.Open open) {
      return new StepResult.InDoubt((doubt.failure() + " " + open.known()).strip());
    }
    String failure =
        verdict instanceof Doubts.Failed failed
            ? failed.failure()
            : "It has not happened: " + doubt.failure();
    run.log().note(new RunEvent.StepFailed(RunLog.now(), step.path, failure));
    return new StepResult.Failed(failure);
  }

  private record Attempt(StepResult result, @Nullable AttemptFailure failure) {}

  private Attempt attempt(StepRun step, ActionUse use, JsonNode input) {
    int number = step.nextAttempt();
    run.log().seen(new RunEvent.StepStarted(RunLog.now(), step.path, step.name, number));
    try {
      JsonNode outputs = call(step, use, input, step.step.timeout());
      run.log().seen(new RunEvent.StepDone(RunLog.now(), step.path, outputs));
      return new Attempt(new StepResult.Done(outputs), null);
    } catch (ActivityFailure | CanceledFailure e) {
      return failed(step, use, e);
    }
  }

  private Attempt failed(StepRun step, ActionUse use, RuntimeException e) {
    AttemptFailure failure = AttemptFailure.of(e, use.repeatability());
    boolean inDoubt = failure.kind() == AttemptFailure.Kind.IN_DOUBT;
    run.log()
        .seen(
            inDoubt
                ? new RunEvent.StepInDoubt(RunLog.now(), step.path, failure.message())
                : new RunEvent.StepFailed(RunLog.now(), step.path, failure.message()));
    CanceledFailure canceled = canceled(e);
    if (canceled != null && CancellationScope.current().isCancelRequested()) {
      throw canceled;
    }
    return new Attempt(
        inDoubt
            ? new StepResult.InDoubt(failure.message())
            : new StepResult.Failed(failure.message()),
        failure);
  }

  private static @Nullable CanceledFailure canceled(RuntimeException e) {
    if (e instanceof CanceledFailure canceled) {
      return canceled;
    }
    return e.getCause() instanceof CanceledFailure cause ? cause : null;
  }

  /** One execution, without a word to the log. */
  JsonNode call(StepRun step, ActionUse use, JsonNode input, Duration timeout) {
    return call(step, step.path, use, input, timeout);
  }

  /** One look at whether the step has happened. */
  JsonNode probe(StepRun step, ActionUse probe, Duration timeout) {
    return call(step, StepPath.probe(step.path), probe, step.scope.render(probe.with()), timeout);
  }

  private JsonNode call(
      StepRun step, String path, ActionUse use, JsonNode input, Duration timeout) {
    ActivityOptions.Builder options =
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(timeout)
            .setScheduleToStartTimeout(PICK_UP_TIMEOUT)
            .setHeartbeatTimeout(HEARTBEAT_TIMEOUT)
            .setCancellationType(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
            .setSummary(step.name);
    String queue = step.taskQueue();
    if (queue != null) {
      options.setTaskQueue(queue);
    }
    return Workflow.newUntypedActivityStub(options.build())
        .execute(use.action(), JsonNode.class, input, run.call(path, step.attempt()));
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
