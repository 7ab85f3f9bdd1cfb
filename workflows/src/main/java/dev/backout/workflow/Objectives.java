package dev.backout.workflow;

import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.StepState;
import dev.backout.plan.PlannedStep;
import dev.backout.runbook.expression.DurationText;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Looks whether what is left to do fits into the time that is left. Says so once. */
final class Objectives {
  private static final String RTO = "RTO";
  private static final java.util.Set<StepState> TO_COME =
      java.util.EnumSet.of(StepState.PENDING, StepState.RUNNING, StepState.WAITING);

  private final Run run;
  private boolean said;

  Objectives(Run run) {
    this.run = run;
  }

  void look() {
    Duration rto = run.plan().rto();
    if (rto == null || said) {
      return;
    }
    Instant due = run.log().fold().incidentAt().plus(rto);
    Duration left = Duration.between(RunLog.now(), due);
    Duration needed = budgetsToCome();
    if (left.compareTo(needed) < 0) {
      say(left, needed, rto);
    }
  }

  private void say(Duration left, Duration needed, Duration rto) {
    said = true;
    String why =
        left.isNegative()
            ? "The RTO of " + DurationText.print(rto) + " has passed."
            : "The steps to come have budgets of "
                + DurationText.print(needed)
                + ", and only "
                + DurationText.print(left)
                + " of the RTO of "
                + DurationText.print(rto)
                + " is left.";
    run.log().note(new RunEvent.ObjectiveAtRisk(RunLog.now(), RTO, why));
  }

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
