package dev.backout.cli.view;

import dev.backout.history.StepPath;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * What a plan should take, as far as its steps say.
 *
 * @param known the sum of all budgets, of the longest branch where branches run side by side
 * @param without how many steps say nothing; the time that people take is no step's
 */
record Budgets(Duration known, int without) {
  private static final Budgets NONE = new Budgets(Duration.ZERO, 0);

  /**
   * @param skipped the paths of steps that won't run
   */
  static Budgets of(ExecutionPlan plan, Set<String> skipped) {
    return new Sum(skipped).of(plan, "");
  }

  private record Sum(Set<String> skipped) {
    Budgets of(ExecutionPlan plan, String prefix) {
      return of(plan.preflight(), prefix).and(of(plan.steps(), prefix));
    }

    private Budgets of(List<PlannedStep> steps, String prefix) {
      return steps.stream().map(step -> of(step, prefix)).reduce(NONE, Budgets::and);
    }

    private Budgets of(PlannedStep step, String prefix) {
      String path = StepPath.of(prefix, step.id());
      if (skipped.contains(path)) {
        return NONE;
      }
      if (step.budget() != null) {
        return new Budgets(step.budget(), 0);
      }
      if (step.work() instanceof PlannedStep.Parallel parallel) {
        return parallel.branches().entrySet().stream()
            .map(branch -> of(branch.getValue(), StepPath.branch(path, branch.getKey())))
            .reduce(NONE, Budgets::beside);
      }
      if (step.work() instanceof PlannedStep.CallRunbook call) {
        return of(call.plan(), path);
      }
      return new Budgets(Duration.ZERO, step.work() instanceof PlannedStep.Checkpoint ? 0 : 1);
    }
  }

  private Budgets and(Budgets other) {
    return new Budgets(known.plus(other.known), without + other.without);
  }

  private Budgets beside(Budgets other) {
    Duration longest =
        List.of(known, other.known).stream().max(Comparator.naturalOrder()).orElse(known);
    return new Budgets(longest, without + other.without);
  }
}
