package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.ExecutionPlan.PlannedTrigger;
import dev.backout.plan.Scope;
import dev.backout.runbook.expression.EvaluationException;
import dev.backout.workflow.PlanPreview.TriggerPreview;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Walks a plan as a run would, and asks instead of acting. */
public final class PreviewWorkflowImpl implements PreviewWorkflow {
  /** Failures that say nothing of the system that was to be asked. */
  private static final Set<String> NOT_ASKED =
      Set.of("INVALID_INPUT", "NOT_ALLOWED", "UNKNOWN_OUTCOME");

  @Override
  public PlanPreview preview(ExecutionPlan plan) {
    Scope start = Scope.of(plan).withRun(Workflow.getInfo().getRunId(), plan.target(), "");
    JsonNode ignored = WorkflowUnsafe.deadlockDetectorOff(() -> start.value("run.id"));
    PreviewCalls calls = new PreviewCalls(plan);
    List<TriggerPreview> triggers =
        plan.triggers().stream().map(trigger -> trigger(trigger, start, calls)).toList();
    PreviewWalk walk = new PreviewWalk(calls);
    PreviewWalk.Walked preflight = walk.all(plan.preflight(), "", start, true);
    PreviewWalk.Walked steps = walk.all(plan.steps(), "", preflight.scope(), false);
    PreviewWalk.Walked lastly = walk.all(plan.lastly(), "", steps.scope(), false);
    return new PlanPreview(
        plan.digest(), triggers, preflight.previews(), steps.previews(), lastly.previews());
  }

  private static TriggerPreview trigger(PlannedTrigger trigger, Scope scope, PreviewCalls calls) {
    try {
      JsonNode input = scope.render(trigger.probe().with());
      JsonNode outputs = calls.run(trigger.probe(), input, trigger.name());
      Scope after = scope.withOutputs(outputs, trigger.probe().outputs());
      for (String healthy : trigger.expect()) {
        if (!after.test(healthy)) {
          return new TriggerPreview(trigger.name(), true, "`" + healthy + "` does not hold.");
        }
      }
      return new TriggerPreview(trigger.name(), false, "All is as it should be.");
    } catch (ActivityFailure e) {
      return unanswered(trigger, e);
    } catch (EvaluationException e) {
      return new TriggerPreview(trigger.name(), null, String.valueOf(e.getMessage()));
    }
  }

  private static TriggerPreview unanswered(PlannedTrigger trigger, ActivityFailure e) {
    Boolean holds = e.getCause() instanceof ApplicationFailure f && asked(f) ? true : null;
    return new TriggerPreview(trigger.name(), holds, PreviewCalls.message(e));
  }

  private static boolean asked(ApplicationFailure failure) {
    @Nullable String type = failure.getType();
    return type != null && !NOT_ASKED.contains(type);
  }
}
