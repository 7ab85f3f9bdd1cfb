package dev.backout.workflow;

import dev.backout.plan.ExecutionPlan;
import java.util.List;

/** Walks a plan and asks, changing nothing. */
public final class PreviewWorkflowImpl implements PreviewWorkflow {
  @Override
  public PlanPreview preview(ExecutionPlan plan) {
    return new PlanPreview(plan.digest(), List.of(), List.of(), List.of());
  }
}
