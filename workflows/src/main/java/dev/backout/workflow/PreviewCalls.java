package dev.backout.workflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.Repeatability;
import dev.backout.history.AttemptFailure;
import dev.backout.plan.ActionUse;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.Json;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks the worker. Nobody is waiting for a rollback here, so it is given up soon. */
final class PreviewCalls {
  private static final Duration LONGEST = Duration.ofMinutes(2);
  private static final Duration PICK_UP_TIMEOUT = Duration.ofSeconds(30);

  private final ExecutionPlan plan;

  PreviewCalls(ExecutionPlan plan) {
    this.plan = plan;
  }

  /** What the activity {@code preview:NAME} answers. */
  record Answer(
      String summary,
      boolean changes,
      List<StepPreview.Detail> details,
      @Nullable JsonNode outputs) {}

  Answer ask(ActionUse use, JsonNode input, String path, @Nullable String taskQueue) {
    String activity = PreviewWorkflow.ACTIVITY_PREFIX + use.action();
    JsonNode answer = call(activity, input, path, taskQueue);
    try {
      return Json.MAPPER.treeToValue(answer, Answer.class);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new PreviewException(
          use.action()
              + " should say in words what it would do, and the worker's answer can't be read ("
              + reason(e)
              + "). Are the command and the worker of the same version?",
          e);
    }
  }

  private static String reason(Exception e) {
    return e instanceof JsonProcessingException json
        ? json.getOriginalMessage()
        : String.valueOf(e.getMessage());
  }

  /** Really runs an action, which must be one that only reads. */
  JsonNode run(ActionUse use, JsonNode input, String path) {
    return run(use, input, path, null);
  }

  JsonNode run(ActionUse use, JsonNode input, String path, @Nullable String taskQueue) {
    if (use.repeatability() != Repeatability.READ_ONLY) {
      throw new IllegalStateException(
          use.action() + " changes something; a preview may not run it");
    }
    return call(use.action(), input, path, taskQueue);
  }

  private JsonNode call(String activity, JsonNode input, String path, @Nullable String taskQueue) {
    ActivityOptions.Builder options =
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(LONGEST)
            .setScheduleToStartTimeout(PICK_UP_TIMEOUT)
            .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build());
    if (taskQueue != null) {
      options.setTaskQueue(taskQueue);
    }
    StepCall call =
        new StepCall(Workflow.getInfo().getRunId(), plan.runbook(), plan.target(), path, 1);
    return Workflow.newUntypedActivityStub(options.build())
        .execute(activity, JsonNode.class, input, call);
  }

  static String message(ActivityFailure e) {
    return AttemptFailure.of(e, Repeatability.READ_ONLY).message();
  }
}
