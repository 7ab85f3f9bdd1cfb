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
  private final ActPolicy policy;

  public ActionDispatcher(
      ActionRunner runner, SecretStore secrets, WorkerLimits limits, ActPolicy policy) {
    this.runner = runner;
    this.secrets = secrets;
    this.limits = limits;
    this.policy = policy;
  }

  @Override
  public JsonNode execute(EncodedValues arguments) {
    ActivityExecutionContext activity = Activity.getExecutionContext();
    String type = activity.getInfo().getActivityType();
    JsonNode input = arguments.get(0, JsonNode.class);
    StepCall call = arguments.get(1, StepCall.class);
    boolean looksOnly = type.startsWith(PREVIEW);
    String action = looksOnly ? type.substring(PREVIEW.length()) : type;
    try (WorkerContext context =
        new WorkerContext(call, secrets, limits(action, looksOnly, call), activity::heartbeat)) {
      return looksOnly
          ? runner.preview(action, input, context)
          : runner.run(action, input, context);
    } catch (ActionException e) {
      throw failure(e);
    } catch (CancelledException e) {
      throw new ActivityCanceledException(activity.getInfo());
    }
  }

  /**
   * What holds for this act: whether it changes something is the registry's word, not the plan's.
   */
  private WorkerLimits limits(String action, boolean looksOnly, StepCall call)
      throws ActionException {
    boolean changes = !looksOnly && runner.changes(action);
    return policy.limitsFor(new ActPolicy.Act(action, changes, call), limits);
  }

  private static ApplicationFailure failure(ActionException e) {
    String message = String.valueOf(e.getMessage());
    return e.kind() == Kind.TRANSIENT
        ? ApplicationFailure.newFailure(message, e.kind().name())
        : ApplicationFailure.newNonRetryableFailure(message, e.kind().name());
  }
}
