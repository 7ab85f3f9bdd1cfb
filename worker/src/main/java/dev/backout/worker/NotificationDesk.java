package dev.backout.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.ActPolicy;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionRegistry;
import dev.backout.action.ActionRunner;
import dev.backout.action.SecretStore;
import dev.backout.action.StepCall;
import dev.backout.action.WorkerContext;
import dev.backout.action.WorkerLimits;
import dev.backout.config.ConfigurationException;
import dev.backout.config.WorkerNotification;
import dev.backout.workflow.Channel;
import dev.backout.workflow.Notification;
import dev.backout.workflow.NotifyActivity;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCanceledException;
import io.temporal.failure.ApplicationFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells those outside: whom the worker's own configuration names as that says, whom a runbook names
 * within what the worker's policy allows.
 */
final class NotificationDesk implements NotifyActivity {
  private static final String EVENT = "event";
  private static final String TELLS = "notify.";
  private static final String COMMAND = "notify.command";

  private final List<WorkerNotification> own;
  private final ActionRunner runner;
  private final SecretStore secrets;
  private final WorkerLimits limits;
  private final ActPolicy policy;

  /**
   * @throws ConfigurationException if one of the worker's own could tell nobody
   */
  NotificationDesk(
      List<WorkerNotification> own, SecretStore secrets, WorkerLimits limits, ActPolicy policy) {
    this.own = own;
    // No doubt has to be settled about them, so none of them is noted.
    this.runner =
        new ActionRunner(ActionRegistry.load(), (call, action, repeatable) -> outcome -> {});
    this.secrets = secrets;
    this.limits = limits;
    this.policy = policy;
    own.forEach(this::requireFits);
  }

  private void requireFits(WorkerNotification notification) {
    try {
      runner.requireFits(notification.action(), notification.with());
    } catch (ActionException e) {
      throw new ConfigurationException(
          "worker.yaml: notifications." + notification.name() + ": " + e.getMessage(), e);
    }
  }

  /** What a run needs to know of the worker's own: not how they are told. */
  static List<Channel> channels(List<WorkerNotification> own) {
    return own.stream()
        .map(each -> Channel.ofWorker(each.name(), each.events(), each.asked()))
        .toList();
  }

  @Override
  public void tell(Notification notification) {
    ActivityExecutionContext activity = Activity.getExecutionContext();
    StepCall call = call(notification.call());
    try {
      Means means = means(notification, call);
      ObjectNode input = means.with().deepCopy();
      input.set(EVENT, notification.event());
      try (WorkerContext context =
          new WorkerContext(call, secrets, means.limits(), activity::heartbeat)) {
        var unused = runner.run(means.action(), input, context);
      }
    } catch (ActionException e) {
      throw failure(e);
    } catch (CancelledException e) {
      throw new ActivityCanceledException(activity.getInfo());
    }
  }

  /** How somebody is told. */
  private record Means(String action, ObjectNode with, WorkerLimits limits) {}

  private Means means(Notification notification, StepCall call) throws ActionException {
    return notification.ofWorker()
        ? own(notification.channel())
        : ofRunbook(notification.action(), notification.with(), call);
  }

  private Means own(String name) throws ActionException {
    Optional<WorkerNotification> found =
        own.stream().filter(each -> each.name().equals(name)).findFirst();
    if (found.isEmpty()) {
      throw new ActionException(
          Kind.PERMANENT,
          "This worker's worker.yaml has no notification `"
              + name
              + "`; the worker that let the run begin had.");
    }
    ObjectNode with = (ObjectNode) found.get().with();
    return new Means(found.get().action(), with, withProgram(found.get().action(), with));
  }

  /** Who writes the worker's configuration allows what stands in it. */
  private WorkerLimits withProgram(String action, JsonNode with) {
    if (!action.equals(COMMAND)) {
      return limits;
    }
    List<String> programs = new ArrayList<>(limits.programs());
    programs.add(with.path("command").path(0).asText());
    return new WorkerLimits(limits.directories(), programs, limits.evidence(), limits.fence());
  }

  private Means ofRunbook(@Nullable String action, @Nullable JsonNode with, StepCall call)
      throws ActionException {
    if (action == null || !action.startsWith(TELLS) || !(with instanceof ObjectNode input)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "A notification takes an action that tells somebody, such as notify.webhook, and this one"
              + " takes "
              + action
              + ".");
    }
    return new Means(
        action, input, policy.limitsFor(new ActPolicy.Act(action, true, call), limits));
  }

  private static StepCall call(dev.backout.workflow.StepCall call) {
    var admission = call.admission();
    return new StepCall(
        call.runId(),
        call.runbook(),
        call.target(),
        call.step(),
        call.attempt(),
        admission == null
            ? null
            : new StepCall.Admission(
                admission.principal(),
                admission.verified(),
                admission.kind(),
                admission.target(),
                admission.policyHash()));
  }

  private static ApplicationFailure failure(ActionException e) {
    boolean later = e.kind() == Kind.TRANSIENT;
    ApplicationFailure.Builder failure =
        ApplicationFailure.newBuilder()
            .setMessage(e.getMessage())
            .setType(e.kind().name())
            .setNonRetryable(!later);
    e.retryAfter().ifPresent(failure::setNextRetryDelay);
    return failure.build();
  }
}
