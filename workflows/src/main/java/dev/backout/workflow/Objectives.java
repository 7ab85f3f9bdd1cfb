package dev.backout.workflow;

import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.StepState;
import dev.backout.plan.PlannedStep;
import dev.backout.runbook.expression.DurationText;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks whether what is left to do fits into the time that is left. Says so once. */
final class Objectives {
  private static final String RTO = "RTO";
  private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(10);
  private static final Set<StepState> TO_COME =
      EnumSet.of(StepState.PENDING, StepState.RUNNING, StepState.WAITING);

  private final Run run;
  private boolean said;

  Objectives(Run run) {
    this.run = run;
    this.said =
        run.log().events().stream().anyMatch(each -> each instanceof RunEvent.ObjectiveAtRisk);
  }

  /** Looks again and again while the run goes on, also while nothing happens in it. */
  CancellationScope watch() {
    CancellationScope scope =
        Workflow.newCancellationScope(
            () -> {
              Promise<Void> ignored = Async.procedure(this::lookWhenItGetsTight);
            });
    scope.run();
    return scope;
  }

  private void lookWhenItGetsTight() {
    try {
      for (Duration spare = spare(); spare != null && !said; spare = spare()) {
        Workflow.sleep(spare.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : spare.plusMillis(1));
        look();
      }
    } catch (CanceledFailure e) {
      // The run has ended, or is about to.
    }
  }

  void look() {
    Duration rto = run.plan().rto();
    Duration spare = spare();
    if (rto != null && spare != null && spare.isNegative() && !said) {
      Duration needed = toCome();
      say(spare.plus(needed), needed, rto);
    }
  }

  /** How much later the steps to come could begin and still fit; null without an objective. */
  private @Nullable Duration spare() {
    Duration rto = run.plan().rto();
    if (rto == null) {
      return null;
    }
    Instant due = run.log().fold().incidentAt().plus(rto);
    return Duration.between(RunLog.now(), due).minus(toCome());
  }

  private void say(Duration left, Duration needed, Duration rto) {
    said = true;
    String why =
        left.isNegative()
            ? "The RTO of " + DurationText.print(rto) + " has passed."
            : (run.request().usual() == null
                    ? "The steps to come have budgets of "
                    : "By their budgets, and by what they took before, the steps to come need ")
                + DurationText.print(seconds(needed))
                + ", and only "
                + DurationText.print(seconds(left))
                + " of the RTO of "
                + DurationText.print(rto)
                + " is left.";
    run.log().note(new RunEvent.ObjectiveAtRisk(RunLog.now(), RTO, why));
  }

  /** To the second, as nobody reads more. */
  private Duration seconds(Duration duration) {
    return run.request().usual() == null ? duration : Duration.ofSeconds(duration.toSeconds());
  }

  private Duration toCome() {
    Usual usual = run.request().usual();
    return usual == null
        ? budgetsToCome()
        : TimeToCome.of(run.plan(), usual, run.log().fold(), RunLog.now());
  }

  /** As runs reckon that began without knowing what earlier ones took. */
  private Duration budgetsToCome() {
    Duration sum = Duration.ZERO;
    for (PlannedStep step : run.plan().steps()) {
      Duration budget = step.budget();
      if (budget != null && TO_COME.contains(stateOf(step))) {
        sum = sum.plus(budget);
      }
    }
    return sum;
  }

  private @Nullable StepState stateOf(PlannedStep step) {
    return run.log().fold().step(step.id()).map(each -> each.state()).orElse(null);
  }
}
