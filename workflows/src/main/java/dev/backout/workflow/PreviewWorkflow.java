package dev.backout.workflow;

import dev.backout.plan.ExecutionPlan;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** Asks what each step of a plan would do, and changes nothing. */
@WorkflowInterface
public interface PreviewWorkflow {
  String TYPE = "preview";

  /** In front of an action's name: the activity that says what the action would do. */
  String ACTIVITY_PREFIX = "preview:";

  @WorkflowMethod(name = TYPE)
  PlanPreview preview(ExecutionPlan plan);
}
