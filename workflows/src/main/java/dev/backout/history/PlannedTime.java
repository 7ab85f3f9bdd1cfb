package dev.backout.history;

import dev.backout.plan.PlannedStep;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a step should take by its budget, or by those of the steps within it. */
public final class PlannedTime {
  private PlannedTime() {}

  /** Empty where nothing says. */
  public static Optional<Duration> of(PlannedStep step) {
    return of(step, "", Set.of());
  }

  /**
   * Empty where nothing says.
   *
   * @param prefix the path of what the step stands in; empty for a run's own
   * @param skipped the paths of those that take no time, as they won't run
   */
  public static Optional<Duration> of(PlannedStep step, String prefix, Collection<String> skipped) {
    String path = StepPath.of(prefix, step.id());
    if (skipped.contains(path)) {
      return Optional.of(Duration.ZERO);
    }
    if (step.budget() != null) {
      return Optional.of(step.budget());
    }
    if (step.work() instanceof PlannedStep.Parallel parallel) {
      return parallel.branches().entrySet().stream()
          .flatMap(
              branch ->
                  sum(branch.getValue(), StepPath.branch(path, branch.getKey()), skipped).stream())
          .max(Duration::compareTo);
    }
    return step.work() instanceof PlannedStep.CallRunbook call
        ? sum(call.plan().steps(), path, skipped)
        : Optional.empty();
  }

  private static Optional<Duration> sum(
      List<PlannedStep> steps, String prefix, Collection<String> skipped) {
    return steps.stream()
        .flatMap(step -> of(step, prefix, skipped).stream())
        .reduce(Duration::plus);
  }
}
