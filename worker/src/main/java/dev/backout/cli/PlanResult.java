package dev.backout.cli;

import dev.backout.plan.ExecutionPlan;
import dev.backout.workflow.PlanPreview;
import java.util.List;

/** What {@code plan} gives to machines. */
record PlanResult(ExecutionPlan plan, PlanPreview preview, List<String> notExecutedYet) {}
