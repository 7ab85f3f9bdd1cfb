package dev.backout.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.Repeatability;
import dev.backout.history.RunStatus.RunState;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.common.v1.Principal;
import io.temporal.api.failure.v1.Failure;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.history.v1.StartChildWorkflowExecutionInitiatedEventAttributes;
import io.temporal.api.history.v1.WorkflowExecutionStartedEventAttributes;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DataConverterException;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TerminatedFailure;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Temporal's events of one run to Backout's, one after the other. */
final class HistoryEvents {
  /** What the SDK puts where the reader of an exported history gives no id. */
  private static final String NO_WORKFLOW_ID = "workflow_id_in_replay";

  private static final String SIDE_EFFECT = "SideEffect";
  private static final String SIDE_EFFECT_DATA = "data";

  /** The workflow's own input, as far as the record needs it. */
  record Request(
      ExecutionPlan plan,
      @Nullable String startedBy,
      @Nullable String reason,
      @Nullable Instant incidentAt,
      @Nullable JsonNode given,
      @Nullable Resumption resumes,
      @Nullable Continuation continues) {}

  /** The same of what a run has taken along from its earlier histories. */
  record Continuation(@Nullable Chronicle chronicle) {}

  /** The second argument of an activity, as far as the record needs it. */
  record Call(String step, int attempt) {}

  /** How a child ended. */
  record Result(
      RunState state, String outcome, @Nullable JsonNode outputs, @Nullable UndoPlan undo) {}

  private final DataConverter converter;
  private final String workflowId;
  private final Map<Long, Call> activities = new HashMap<>();
  private final Map<Long, Telling> tellings = new HashMap<>();
  private final Map<Long, String> children = new HashMap<>();
  private final Map<String, Integer> childAttempts = new HashMap<>();
  private final Map<String, String> senders = new HashMap<>();
  private final Map<String, UndoPlan> undoOfChildren = new LinkedHashMap<>();

  HistoryEvents(DataConverter converter, String workflowId) {
    this.converter = converter;
    this.workflowId = workflowId;
  }

  RunEvent.RunStarted start(HistoryEvent event) {
    if (!event.hasWorkflowExecutionStartedEventAttributes()) {
      throw new IllegalArgumentException(
          "The history must begin with the start of a workflow, and begins with "
              + event.getEventType()
              + ". Export it whole.");
    }
    WorkflowExecutionStartedEventAttributes started =
        event.getWorkflowExecutionStartedEventAttributes();
    Request request = request(started);
    Chronicle earlier = chronicle(started, request);
    Instant at = earlier == null ? at(event) : earlier.startedAt();
    return new RunEvent.RunStarted(
        at,
        id(started, request.plan()),
        earlier == null ? started.getOriginalExecutionRunId() : earlier.runId(),
        request.plan(),
        request.startedBy() == null ? "" : request.startedBy(),
        request.reason(),
        request.incidentAt() == null ? at : request.incidentAt(),
        request.resumes());
  }

  /** What happened before this history, of a run that has more than one. */
  List<RunEvent> earlier(HistoryEvent first) {
    WorkflowExecutionStartedEventAttributes started =
        first.getWorkflowExecutionStartedEventAttributes();
    Chronicle earlier = chronicle(started, request(started));
    return earlier == null ? List.of() : earlier.read();
  }

  /** Only the server says that a history continues another. */
  private static @Nullable Chronicle chronicle(
      WorkflowExecutionStartedEventAttributes started, Request request) {
    Continuation from = request.continues();
    return from == null || started.getContinuedExecutionRunId().isEmpty() ? null : from.chronicle();
  }

  /** An exported history may not say it; then it is the one that runs of its target have. */
  private String id(WorkflowExecutionStartedEventAttributes started, ExecutionPlan plan) {
    if (!started.getWorkflowId().isEmpty()) {
      return started.getWorkflowId();
    }
    return workflowId.isEmpty() || workflowId.equals(NO_WORKFLOW_ID)
        ? "backout/" + plan.target()
        : workflowId;
  }

  private Request request(WorkflowExecutionStartedEventAttributes started) {
    try {
      return converter.fromPayloads(
          0, Optional.of(started.getInput()), Request.class, Request.class);
    } catch (DataConverterException e) {
      throw new IllegalArgumentException(
          "The history's first event must hold the input of a run of a runbook, and doesn't (its"
              + " workflow type is `"
              + started.getWorkflowType().getName()
              + "`). If its payloads are encrypted, give the key.",
          e);
    }
  }

  /** Empty for what doesn't concern the run's record. */
  Optional<RunEvent> translate(HistoryEvent event, StatusFold fold) {
    return ChildEvents.isOfTelling(event)
        ? Optional.empty()
        : Optional.ofNullable(translated(event, fold));
  }

  private @Nullable RunEvent translated(HistoryEvent event, StatusFold fold) {
    return switch (event.getEventType()) {
      case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED -> scheduled(event, fold);
      case EVENT_TYPE_ACTIVITY_TASK_COMPLETED -> completed(event, fold);
      case EVENT_TYPE_ACTIVITY_TASK_FAILED, EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT ->
          failed(event, fold);
      case EVENT_TYPE_ACTIVITY_TASK_CANCELED -> cancelled(event, fold);
      case EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED -> childBegins(event, fold);
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED -> childStarted(event);
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED -> childCompleted(event);
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_FAILED,
          EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_TIMED_OUT,
          EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_CANCELED,
          EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_TERMINATED,
          EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_FAILED ->
          childFailed(event);
      case EVENT_TYPE_MARKER_RECORDED -> marker(event);
      case EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED -> signalled(event);
      case EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
          EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
          EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
          EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
          EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED ->
          ended(event, fold);
      default -> null;
    };
  }

  /** Of the workflow that tells what a run that has ended could no longer. */
  Optional<RunEvent> translateTelling(HistoryEvent event) {
    return Optional.ofNullable(
        switch (event.getEventType()) {
          case EVENT_TYPE_ACTIVITY_TASK_SCHEDULED -> {
            tellings.put(
                event.getEventId(), telling(event.getActivityTaskScheduledEventAttributes()));
            yield null;
          }
          case EVENT_TYPE_ACTIVITY_TASK_COMPLETED -> told(event);
          case EVENT_TYPE_ACTIVITY_TASK_FAILED, EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT -> untold(event);
          default -> null;
        });
  }

  private @Nullable RunEvent scheduled(HistoryEvent event, StatusFold fold) {
    ActivityTaskScheduledEventAttributes scheduled =
        event.getActivityTaskScheduledEventAttributes();
    if (scheduled.getActivityType().getName().equals(Telling.ACTIVITY)) {
      tellings.put(event.getEventId(), telling(scheduled));
      return null;
    }
    Call call = call(scheduled);
    if (call == null) {
      return null;
    }
    activities.put(event.getEventId(), call);
    return new RunEvent.StepStarted(
        at(event), call.step(), name(event, call.step(), fold), call.attempt());
  }

  private Telling telling(ActivityTaskScheduledEventAttributes scheduled) {
    return converter.fromPayload(scheduled.getInput().getPayloads(0), Telling.class, Telling.class);
  }

  private @Nullable Call call(ActivityTaskScheduledEventAttributes scheduled) {
    if (scheduled.getInput().getPayloadsCount() < 2) {
      return null;
    }
    try {
      Call call =
          converter.fromPayload(scheduled.getInput().getPayloads(1), Call.class, Call.class);
      return StepPath.isProbe(call.step()) ? null : call;
    } catch (DataConverterException e) {
      return null;
    }
  }

  private String name(HistoryEvent event, String step, StatusFold fold) {
    if (event.getUserMetadata().hasSummary()) {
      return converter.fromPayload(
          event.getUserMetadata().getSummary(), String.class, String.class);
    }
    return fold.planned(step).map(PlannedStep::name).orElse(step);
  }

  private @Nullable RunEvent completed(HistoryEvent event, StatusFold fold) {
    var done = event.getActivityTaskCompletedEventAttributes();
    if (tellings.containsKey(done.getScheduledEventId())) {
      return told(event);
    }
    Call call = activities.get(done.getScheduledEventId());
    if (call == null || isWait(call.step(), fold)) {
      return null;
    }
    return new RunEvent.StepDone(at(event), call.step(), json(done.getResult()));
  }

  private @Nullable RunEvent failed(HistoryEvent event, StatusFold fold) {
    if (tellings.containsKey(failedActivity(event))) {
      return untold(event);
    }
    Call call = activities.get(failedActivity(event));
    return call == null ? null : failed(at(event), call.step(), failure(event), fold);
  }

  private static long failedActivity(HistoryEvent event) {
    return event.hasActivityTaskTimedOutEventAttributes()
        ? event.getActivityTaskTimedOutEventAttributes().getScheduledEventId()
        : event.getActivityTaskFailedEventAttributes().getScheduledEventId();
  }

  private static Failure failure(HistoryEvent event) {
    return event.hasActivityTaskTimedOutEventAttributes()
        ? event.getActivityTaskTimedOutEventAttributes().getFailure()
        : event.getActivityTaskFailedEventAttributes().getFailure();
  }

  private @Nullable RunEvent told(HistoryEvent event) {
    Telling telling =
        tellings.get(event.getActivityTaskCompletedEventAttributes().getScheduledEventId());
    return telling == null ? null : new RunEvent.Told(at(event), telling);
  }

  private @Nullable RunEvent untold(HistoryEvent event) {
    Telling telling = tellings.get(failedActivity(event));
    return telling == null
        ? null
        : new RunEvent.NotTold(
            at(event), telling, Telling.why(converter.failureToException(failure(event))));
  }

  private RunEvent failed(Instant at, String step, Failure cause, StatusFold fold) {
    AttemptFailure failure =
        AttemptFailure.of(converter.failureToException(cause), repeatability(step, fold));
    if (isWait(step, fold)) {
      return new RunEvent.NotYet(at, step, failure.message());
    }
    return failure.kind() == AttemptFailure.Kind.IN_DOUBT
        ? new RunEvent.StepInDoubt(at, step, failure.message())
        : new RunEvent.StepFailed(at, step, failure.message());
  }

  private @Nullable RunEvent cancelled(HistoryEvent event, StatusFold fold) {
    Call call =
        activities.get(event.getActivityTaskCanceledEventAttributes().getScheduledEventId());
    if (call == null || isWait(call.step(), fold)) {
      return null;
    }
    AttemptFailure failure =
        AttemptFailure.of(new CanceledFailure(""), repeatability(call.step(), fold));
    return failure.kind() == AttemptFailure.Kind.IN_DOUBT
        ? new RunEvent.StepInDoubt(at(event), call.step(), failure.message())
        : new RunEvent.StepFailed(at(event), call.step(), failure.message());
  }

  private RunEvent childBegins(HistoryEvent event, StatusFold fold) {
    StartChildWorkflowExecutionInitiatedEventAttributes child =
        event.getStartChildWorkflowExecutionInitiatedEventAttributes();
    String prefix = StepPath.childWorkflowId(fold.workflowId(), "");
    String id = child.getWorkflowId();
    String step = id.startsWith(prefix) ? id.substring(prefix.length()) : id;
    children.put(event.getEventId(), step);
    int attempt = childAttempts.merge(step, 1, Integer::sum);
    return new RunEvent.StepStarted(at(event), step, name(event, step, fold), attempt);
  }

  private RunEvent childStarted(HistoryEvent event) {
    var child = event.getChildWorkflowExecutionStartedEventAttributes();
    return new RunEvent.ChildStarted(
        at(event),
        child(child.getInitiatedEventId()),
        child.getWorkflowExecution().getWorkflowId(),
        child.getWorkflowExecution().getRunId());
  }

  private RunEvent childCompleted(HistoryEvent event) {
    var child = event.getChildWorkflowExecutionCompletedEventAttributes();
    String step = child(child.getInitiatedEventId());
    Result result =
        converter.fromPayloads(0, Optional.of(child.getResult()), Result.class, Result.class);
    if (result.undo() != null) {
      undoOfChildren.merge(step, result.undo(), (earlier, later) -> later.before(earlier));
    }
    return result.state() == RunState.SUCCEEDED
        ? new RunEvent.StepDone(at(event), step, result.outputs())
        : new RunEvent.StepFailed(at(event), step, result.outcome());
  }

  /** What child runbooks have said that can be taken back of them, by their step. */
  Map<String, UndoPlan> undoOfChildren() {
    return undoOfChildren;
  }

  private RunEvent childFailed(HistoryEvent event) {
    return switch (event.getEventType()) {
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_CANCELED ->
          childFailed(
              event,
              event.getChildWorkflowExecutionCanceledEventAttributes().getInitiatedEventId(),
              new CanceledFailure(""));
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_TERMINATED ->
          childFailed(
              event,
              event.getChildWorkflowExecutionTerminatedEventAttributes().getInitiatedEventId(),
              new TerminatedFailure("", null));
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_FAILED ->
          childFailed(
              event,
              event.getChildWorkflowExecutionFailedEventAttributes().getInitiatedEventId(),
              converter.failureToException(
                  event.getChildWorkflowExecutionFailedEventAttributes().getFailure()));
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_TIMED_OUT ->
          childFailed(
              event,
              event.getChildWorkflowExecutionTimedOutEventAttributes().getInitiatedEventId(),
              new IllegalStateException("It took longer than its timeout."));
      default ->
          childFailed(
              event,
              event.getStartChildWorkflowExecutionFailedEventAttributes().getInitiatedEventId(),
              new IllegalStateException("Its workflow could not be started."));
    };
  }

  private RunEvent childFailed(HistoryEvent event, long initiated, RuntimeException why) {
    return new RunEvent.StepFailed(
        at(event), child(initiated), AttemptFailure.of(why, Repeatability.SAFE).message());
  }

  private String child(long initiated) {
    return children.getOrDefault(initiated, "");
  }

  /** An update bears the worker's principal, a signal that of whoever sent it. */
  private @Nullable RunEvent signalled(HistoryEvent event) {
    String principal = principal(event);
    if (principal != null) {
      JsonNode decision = json(event.getWorkflowExecutionSignaledEventAttributes().getInput());
      if (decision != null && decision.path("id").isTextual()) {
        senders.put(decision.path("id").textValue(), principal);
      }
    }
    return null;
  }

  /**
   * Whom the server has found to have caused the event, as {@code type:name}; null where it says
   * nobody.
   */
  static @Nullable String principal(HistoryEvent event) {
    if (!event.hasPrincipal()) {
      return null;
    }
    Principal principal = event.getPrincipal();
    return principal.getType().isEmpty()
        ? principal.getName()
        : principal.getType() + ":" + principal.getName();
  }

  private RunEvent withSender(RunEvent event) {
    return event instanceof RunEvent.Decided decided && senders.containsKey(decided.id())
        ? new RunEvent.Decided(
            decided.at(),
            decided.id(),
            decided.decision().withSentBy(senders.get(decided.id())),
            decided.settles())
        : event;
  }

  private @Nullable RunEvent marker(HistoryEvent event) {
    var marker = event.getMarkerRecordedEventAttributes();
    if (!marker.getMarkerName().equals(SIDE_EFFECT)) {
      return null;
    }
    Payloads data = marker.getDetailsMap().get(SIDE_EFFECT_DATA);
    JsonNode json = data == null ? null : json(data);
    if (json == null || !json.has("event")) {
      return null;
    }
    return withSender(
        converter.fromPayloads(0, Optional.ofNullable(data), RunEvent.class, RunEvent.class));
  }

  private @Nullable RunEvent ended(HistoryEvent event, StatusFold fold) {
    if (fold.state().isFinal()) {
      return null; // Temporal closes as cancelled what came to its own end after a cancellation.
    }
    Instant at = at(event);
    return switch (event.getEventType()) {
      case EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED -> {
        Result result =
            converter.fromPayloads(
                0,
                Optional.of(event.getWorkflowExecutionCompletedEventAttributes().getResult()),
                Result.class,
                Result.class);
        yield new RunEvent.RunFinished(at, result.state(), result.outcome());
      }
      case EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED ->
          new RunEvent.RunFinished(at, RunState.CANCELLED, Endings.CANCELLED);
      case EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED ->
          new RunEvent.RunFinished(
              at,
              RunState.TERMINATED,
              Endings.terminated(
                  who(event, event.getWorkflowExecutionTerminatedEventAttributes().getIdentity()),
                  event.getWorkflowExecutionTerminatedEventAttributes().getReason()));
      case EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT ->
          new RunEvent.RunFinished(at, RunState.FAILED, Endings.TIMED_OUT);
      default ->
          new RunEvent.RunFinished(
              at,
              RunState.FAILED,
              Endings.broken(
                  event.getWorkflowExecutionFailedEventAttributes().getFailure().getMessage()));
    };
  }

  /** What the server has found out counts for more than what a client says of itself. */
  private static String who(HistoryEvent event, String identity) {
    String principal = principal(event);
    return principal == null ? identity : principal;
  }

  private static boolean isWait(String step, StatusFold fold) {
    return fold.planned(step).map(s -> s.work() instanceof PlannedStep.Wait).orElse(false);
  }

  private static Repeatability repeatability(String step, StatusFold fold) {
    PlannedStep.Work work = fold.planned(step).map(PlannedStep::work).orElse(null);
    if (work instanceof PlannedStep.Uses uses) {
      return uses.use().repeatability();
    }
    if (work instanceof PlannedStep.TakeBack back && back.use() != null) {
      return back.use().repeatability();
    }
    return Repeatability.READ_ONLY;
  }

  private @Nullable JsonNode json(Payloads payloads) {
    if (payloads.getPayloadsCount() == 0) {
      return null;
    }
    List<io.temporal.api.common.v1.Payload> all = payloads.getPayloadsList();
    return converter.fromPayload(all.get(0), JsonNode.class, JsonNode.class);
  }

  static Instant at(HistoryEvent event) {
    return Instant.ofEpochSecond(
        event.getEventTime().getSeconds(), event.getEventTime().getNanos());
  }
}
