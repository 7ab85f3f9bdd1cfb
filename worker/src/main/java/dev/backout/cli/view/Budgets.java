package dev.backout.cli.view;

import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * What a plan should take, as far as its steps say.
 *
 * @param known the sum of all budgets, of the longest branch where branches run side by side
 * @param without how many steps say nothing; the time that people take is no step's
 */
record Budgets(Duration known, int without) {
  private static final Budgets NONE = new Budgets(Duration.ZERO, 0);

  static Budgets of(ExecutionPlan plan) {
    return sum(plan.preflight()).and(sum(plan.steps()));
  }

  private static Budgets sum(List<PlannedStep> steps) {
    return steps.stream().map(Budgets::of).reduce(NONE, Budgets::and);
  }

  private static Budgets of(PlannedStep step) {
    if (step.budget() != null) {
      return new Budgets(step.budget(), 0);
    }
    if (step.work() instanceof PlannedStep.Parallel parallel) {
      return parallel.branches().values().stream().map(Budgets::sum).reduce(NONE, Budgets::beside);
    }
    if (step.work() instanceof PlannedStep.CallRunbook call) {
      return of(call.plan());
    }
    return new Budgets(Duration.ZERO, step.work() instanceof PlannedStep.Checkpoint ? 0 : 1);
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
