package dev.backout.action;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException.Kind;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.activity.DynamicActivity;
import io.temporal.client.ActivityCanceledException;
import io.temporal.common.converter.EncodedValues;
import io.temporal.failure.ApplicationFailure;

/**
 * The one activity of a worker. Its type is the action's name, or {@code preview:} and the name;
 * its arguments are the input as JSON and a {@link StepCall}. A failure is an {@link
 * ApplicationFailure} whose type is the {@link Kind}, with a message for people and nothing else.
 */
public final class ActionDispatcher implements DynamicActivity {
  static final String PREVIEW = "preview:";

  private final ActionRunner runner;
  private final SecretStore secrets;
  private final WorkerLimits limits;

  public ActionDispatcher(ActionRunner runner, SecretStore secrets, WorkerLimits limits) {
    this.runner = runner;
    this.secrets = secrets;
    this.limits = limits;
  }

  @Override
  public JsonNode execute(EncodedValues arguments) {
    ActivityExecutionContext activity = Activity.getExecutionContext();
    String type = activity.getInfo().getActivityType();
    JsonNode input = arguments.get(0, JsonNode.class);
    StepCall call = arguments.get(1, StepCall.class);
    try (WorkerContext context = new WorkerContext(call, secrets, limits, activity::heartbeat)) {
      return type.startsWith(PREVIEW)
          ? runner.preview(type.substring(PREVIEW.length()), input, context)
          : runner.run(type, input, context);
    } catch (ActionException e) {
      throw failure(e);
    } catch (CancelledException e) {
      throw new ActivityCanceledException(activity.getInfo());
    }
  }

  private static ApplicationFailure failure(ActionException e) {
    String message = String.valueOf(e.getMessage());
    return e.kind() == Kind.TRANSIENT
        ? ApplicationFailure.newFailure(message, e.kind().name())
        : ApplicationFailure.newNonRetryableFailure(message, e.kind().name());
  }
}
