package dev.backout.workflow;

import dev.backout.history.PlannedTime;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.StatusFold;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** How long the steps to come will take: by their budgets, else by what they took before. */
final class TimeToCome {
  private static final Set<StepState> TO_COME =
      EnumSet.of(StepState.PENDING, StepState.RUNNING, StepState.WAITING);

  private TimeToCome() {}

  static Duration of(ExecutionPlan plan, Usual usual, StatusFold fold, Instant now) {
    Duration sum = Duration.ZERO;
    for (PlannedStep step : plan.steps()) {
      Optional<StepStatus> stands =
          fold.step(step.id()).filter(each -> TO_COME.contains(each.state()));
      if (stands.isPresent()) {
        sum = sum.plus(left(stands.get(), whole(step, usual), now));
      }
    }
    return sum;
  }

  private static Duration whole(PlannedStep step, Usual usual) {
    return PlannedTime.of(step, "", usual.skipped())
        .or(() -> Optional.ofNullable(usual.steps().get(step.id())))
        .orElse(Duration.ZERO);
  }

  /** What is under way has done a part of it. */
  private static Duration left(StepStatus step, Duration whole, Instant now) {
    Instant began = step.startedAt();
    if (step.state() != StepState.RUNNING || began == null) {
      return whole;
    }
    Duration left = whole.minus(Duration.between(began, now));
    return left.isNegative() ? Duration.ZERO : left;
  }
}
