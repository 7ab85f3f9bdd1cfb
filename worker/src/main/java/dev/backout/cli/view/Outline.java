package dev.backout.cli.view;

import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import dev.backout.workflow.PlanPreview;
import dev.backout.workflow.StepPreview;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A plan as far as it can be shown without asking a worker. */
final class Outline {
  private final Set<String> skipped;

  private Outline(Set<String> skipped) {
    this.skipped = skipped;
  }

  /**
   * @param skipped the paths of steps that won't run
   */
  static PlanPreview of(ExecutionPlan plan, Set<String> skipped) {
    Outline outline = new Outline(skipped);
    return new PlanPreview(
        plan.digest(),
        List.of(),
        outline.steps("", plan.preflight()),
        outline.steps("", plan.steps()),
        outline.steps("", plan.lastly()));
  }

  private List<StepPreview> steps(String prefix, List<PlannedStep> steps) {
    return steps.stream().map(step -> step(prefix, step)).toList();
  }

  private StepPreview step(String prefix, PlannedStep step) {
    String path = prefix + step.id();
    boolean isSkipped = skipped.contains(path);
    return new StepPreview(
        path,
        step.name(),
        kind(step.work()),
        action(step.work()),
        isSkipped ? "Would be skipped: `" + step.when() + "` does not hold." : "",
        !isSkipped,
        List.of(),
        null,
        List.of(),
        null,
        isSkipped ? List.of() : children(path, step.work()));
  }

  private List<StepPreview> children(String path, PlannedStep.Work work) {
    if (work instanceof PlannedStep.Parallel parallel) {
      List<StepPreview> children = new ArrayList<>();
      parallel
          .branches()
          .forEach((branch, steps) -> children.addAll(steps(path + "/" + branch + "/", steps)));
      return children;
    }
    if (work instanceof PlannedStep.Each each) {
      return steps(path + "[…]/", each.steps());
    }
    return work instanceof PlannedStep.CallRunbook call
        ? steps(path + "/", call.plan().steps())
        : List.of();
  }

  private static String kind(PlannedStep.Work work) {
    if (work instanceof PlannedStep.CallRunbook) {
      return "runbook";
    }
    return work.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  private static @Nullable String action(PlannedStep.Work work) {
    if (work instanceof PlannedStep.Uses uses) {
      return uses.use().action();
    }
    return work instanceof PlannedStep.Wait wait ? wait.probe().action() : null;
  }
}
