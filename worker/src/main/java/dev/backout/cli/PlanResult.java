package dev.backout.cli;

import dev.backout.plan.ExecutionPlan;
import dev.backout.workflow.PlanPreview;

/** What {@code plan} gives to machines. */
record PlanResult(ExecutionPlan plan, PlanPreview preview) {}
