package dev.backout.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.Scope;
import dev.backout.runbook.expression.EvaluationException;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Finds the steps that are sure to be skipped before anything has run: by a condition that speaks
 * of nothing but the inputs, or of steps that are sure to be skipped themselves. What isn't known
 * counts as what runs.
 */
public final class KnownSkips {
  private final Set<String> paths = new TreeSet<>();

  private KnownSkips() {}

  /**
   * The paths, with those in child runbooks; not those below a step that is skipped as a whole.
   *
   * @param plan with the inputs that it runs with
   */
  public static Set<String> of(ExecutionPlan plan) {
    KnownSkips skips = new KnownSkips();
    if (hasCondition(plan)) {
      skips.runbook(plan, "", JsonNodeFactory.instance.objectNode());
    }
    return skips.paths;
  }

  /** Without one there is nothing to evaluate, and evaluating has to be loaded first. */
  private static boolean hasCondition(ExecutionPlan plan) {
    return Stream.concat(plan.preflight().stream(), plan.steps().stream())
        .anyMatch(KnownSkips::hasCondition);
  }

  private static boolean hasCondition(PlannedStep step) {
    if (step.when() != null) {
      return true;
    }
    if (step.work() instanceof PlannedStep.Parallel parallel) {
      return parallel.branches().values().stream()
          .anyMatch(branch -> branch.stream().anyMatch(KnownSkips::hasCondition));
    }
    return step.work() instanceof PlannedStep.CallRunbook call && hasCondition(call.plan());
  }

  private void runbook(ExecutionPlan plan, String prefix, JsonNode given) {
    Scope scope = Scope.of(plan, given).withoutRun();
    for (PlannedStep step : plan.preflight()) {
      scope = step(step, prefix, scope);
    }
    for (PlannedStep step : plan.steps()) {
      scope = step(step, prefix, scope);
    }
  }

  private Scope step(PlannedStep step, String prefix, Scope scope) {
    String path = StepPath.of(prefix, step.id());
    if (step.when() != null && isFalse(step.when(), scope)) {
      paths.add(path);
      return scope.withStep(step.id(), false, null, PlannedStep.outputTypes(step.work()));
    }
    if (step.work() instanceof PlannedStep.Parallel parallel) {
      return parallel(parallel, path, scope);
    }
    if (step.work() instanceof PlannedStep.CallRunbook call) {
      child(call, path, scope);
    }
    return scope;
  }

  private Scope parallel(PlannedStep.Parallel parallel, String path, Scope start) {
    Scope scope = start;
    for (var branch : parallel.branches().entrySet()) {
      for (PlannedStep step : branch.getValue()) {
        scope = step(step, StepPath.branch(path, branch.getKey()), scope);
      }
    }
    return scope;
  }

  private void child(PlannedStep.CallRunbook call, String path, Scope scope) {
    if (!hasCondition(call.plan())) {
      return;
    }
    try {
      if (scope.waitsFor(call.with()).isEmpty()) {
        runbook(call.plan(), path, scope.render(call.with()));
      }
    } catch (EvaluationException e) {
      // What the child is given isn't known yet.
    }
  }

  private static boolean isFalse(String condition, Scope scope) {
    try {
      return scope.conditionWaitsFor(condition).isEmpty() && !scope.test(condition);
    } catch (EvaluationException e) {
      return false;
    }
  }
}
