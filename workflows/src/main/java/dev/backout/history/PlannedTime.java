package dev.backout.history;

import dev.backout.plan.PlannedStep;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a step should take by its budget, or by those of the steps within it. */
public final class PlannedTime {
  private PlannedTime() {}

  /** Empty where nothing says. */
  public static Optional<Duration> of(PlannedStep step) {
    if (step.budget() != null) {
      return Optional.of(step.budget());
    }
    if (step.work() instanceof PlannedStep.Parallel parallel) {
      return parallel.branches().values().stream()
          .flatMap(branch -> sum(branch).stream())
          .max(Duration::compareTo);
    }
    return step.work() instanceof PlannedStep.CallRunbook call
        ? sum(call.plan().steps())
        : Optional.empty();
  }

  private static Optional<Duration> sum(List<PlannedStep> steps) {
    return steps.stream().flatMap(step -> of(step).stream()).reduce(Duration::plus);
  }
}
