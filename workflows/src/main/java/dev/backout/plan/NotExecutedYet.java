package dev.backout.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a plan says and the workflow can't do yet, so that nobody finds out in the middle of a run.
 */
public final class NotExecutedYet {
  private NotExecutedYet() {}

  /** One sentence for each, naming the step by its path; empty if all of the plan can be run. */
  public static List<String> of(ExecutionPlan plan) {
    List<String> found = new ArrayList<>();
    plan("", plan, found);
    return List.copyOf(found);
  }

  private static void plan(String prefix, ExecutionPlan plan, List<String> found) {
    steps(prefix, plan.preflight(), found);
    steps(prefix, plan.steps(), found);
    steps(prefix, plan.lastly(), found);
  }

  private static void steps(String prefix, List<PlannedStep> steps, List<String> found) {
    steps.forEach(step -> step(prefix + step.id(), step, found));
  }

  private static void step(String path, PlannedStep step, List<String> found) {
    if (step.work() instanceof PlannedStep.Manual) {
      found.add("`" + path + "` is `manual`: checklists can't be ticked yet.");
    }
    if (step.probe() != null) {
      found.add(
          "`" + path + "` has `probe`: a step in doubt is put to a person yet, and not to it.");
    }
    within(path + "/", step.work(), found);
  }

  private static void within(String prefix, PlannedStep.Work work, List<String> found) {
    if (work instanceof PlannedStep.Parallel parallel) {
      for (Map.Entry<String, List<PlannedStep>> branch : parallel.branches().entrySet()) {
        steps(prefix + branch.getKey() + "/", branch.getValue(), found);
      }
    } else if (work instanceof PlannedStep.Each each) {
      steps(prefix, each.steps(), found);
    } else if (work instanceof PlannedStep.CallRunbook call) {
      plan(prefix, call.plan(), found);
    }
  }
}
