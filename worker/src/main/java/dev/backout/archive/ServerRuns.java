package dev.backout.archive;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.backout.archive.RunSummary.Place;
import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.RunStatus.RunState;
import dev.backout.workflow.NewestHistory;
import dev.backout.workflow.NotificationWorkflow;
import dev.backout.workflow.RunResult;
import dev.backout.workflow.RunStarter;
import dev.backout.workflow.RunbookWorkflow;
import dev.backout.workflow.SearchFields;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.EventType;
import io.temporal.api.enums.v1.HistoryEventFilterType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.filter.v1.StartTimeFilter;
import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse;
import io.temporal.api.workflowservice.v1.ListClosedWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListOpenWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsRequest;
import io.temporal.api.workflowservice.v1.ListWorkflowExecutionsResponse;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a Temporal server knows of runs.
 *
 * @param listing how this server lists: the in-memory one has only the old calls
 */
public record ServerRuns(WorkflowServiceStubs stubs, String namespace, Listing listing) {
  private static final int PAGE = 200;

  /** What a run's record is made of: runs, and who was told of their ends. */
  private static final Set<String> TYPES = Set.of(RunbookWorkflow.TYPE, NotificationWorkflow.TYPE);

  private static final String RUNS = "WorkflowType = '" + RunbookWorkflow.TYPE + "'";
  private static final String RECORDED =
      "WorkflowType IN ('" + RunbookWorkflow.TYPE + "', '" + NotificationWorkflow.TYPE + "')";

  /** Newest runs that a listing goes back to; older ones are found by their whole id. */
  private static final int NEWEST = 1_000;

  private static final int ATTEMPTS = 20;

  public enum Listing {
    VISIBILITY,
    OPEN_AND_CLOSED
  }

  /** Every run, also those of child runbooks, newest first. */
  public List<RunSummary> list() {
    List<WorkflowExecutionInfo> found =
        switch (listing) {
          case VISIBILITY -> listByVisibility(RUNS, "");
          case OPEN_AND_CLOSED -> Stream.concat(open().stream(), closed().stream()).toList();
        };
    return found.stream()
        .filter(info -> info.getType().getName().equals(RunbookWorkflow.TYPE))
        .filter(info -> !goesOnElsewhere(info))
        .map(
            info ->
                listing == Listing.VISIBILITY ? Optional.of(info) : describe(info.getExecution()))
        .flatMap(Optional::stream)
        .map(this::summary)
        .sorted((a, b) -> b.startedAt().compareTo(a.startedAt()))
        .toList();
  }

  List<WorkflowExecution> openExecutions() {
    return executions(
        listing == Listing.OPEN_AND_CLOSED
            ? open()
            : listByVisibility(RECORDED, " AND ExecutionStatus = 'Running'"));
  }

  List<WorkflowExecution> closedExecutions() {
    return executions(
        listing == Listing.OPEN_AND_CLOSED
            ? closed()
            : listByVisibility(RECORDED, " AND ExecutionStatus != 'Running'"));
  }

  /** Runs that a Temporal client has terminated since then, with those of child runbooks. */
  public List<WorkflowExecution> terminatedSince(Instant then) {
    List<WorkflowExecutionInfo> found =
        listing == Listing.OPEN_AND_CLOSED
            ? closed()
            : listByVisibility(
                RUNS, " AND ExecutionStatus = 'Terminated' AND CloseTime > '" + then + "'");
    return found.stream()
        .filter(info -> info.getType().getName().equals(RunbookWorkflow.TYPE))
        .filter(info -> state(info.getStatus()) == RunState.TERMINATED)
        // The in-memory server lists no times, and has nothing that is older than itself.
        .filter(info -> !info.hasCloseTime() || !instant(info.getCloseTime()).isBefore(then))
        .map(WorkflowExecutionInfo::getExecution)
        .toList();
  }

  private static List<WorkflowExecution> executions(List<WorkflowExecutionInfo> found) {
    return found.stream()
        .filter(info -> !goesOnElsewhere(info))
        .map(WorkflowExecutionInfo::getExecution)
        .toList();
  }

  /** A history of a run that has a newer one, which tells all. */
  private static boolean goesOnElsewhere(WorkflowExecutionInfo info) {
    return info.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW;
  }

  /** What the server says of this run now; empty if it knows none. */
  public Optional<RunSummary> find(String workflowId, String runId) {
    return describe(execution(workflowId, runId))
        .flatMap(
            info ->
                goesOnElsewhere(info)
                    ? describe(NewestHistory.of(stubs, namespace, workflowId, runId))
                    : Optional.of(info))
        .map(this::summary);
  }

  /** Of this one execution; empty too if the run goes on in another. */
  Optional<RunSummary> findThere(WorkflowExecution execution) {
    return describe(execution).filter(info -> !goesOnElsewhere(info)).map(this::summary);
  }

  private static WorkflowExecution execution(String workflowId, String runId) {
    return WorkflowExecution.newBuilder().setWorkflowId(workflowId).setRunId(runId).build();
  }

  /** The newest run of this workflow id; empty if there is none. */
  public Optional<RunSummary> newest(String workflowId) {
    return find(workflowId, "");
  }

  /**
   * The history so far, of a run that has more than one the newest, which tells all; empty if the
   * server knows no such run.
   */
  public Optional<WorkflowExecutionHistory> history(String workflowId, String runId) {
    Optional<WorkflowExecutionHistory> found =
        known(() -> NewestHistory.of(stubs, namespace, workflowId, runId))
            .flatMap(newest -> historyOf(workflowId, newest.getRunId()));
    // It may have come to its end, and go on in another, since it was the newest.
    String next = found.map(history -> NewestHistory.next(history.getEvents())).orElse("");
    return next.isEmpty() ? found : history(workflowId, next);
  }

  /** That one history, also if the run goes on in another; empty if the server knows it not. */
  public Optional<WorkflowExecutionHistory> historyThere(String workflowId, String runId) {
    return historyOf(workflowId, runId);
  }

  private Optional<WorkflowExecutionHistory> historyOf(String workflowId, String runId) {
    History.Builder whole = History.newBuilder();
    ByteString next = ByteString.EMPTY;
    do {
      Optional<GetWorkflowExecutionHistoryResponse> page = page(workflowId, runId, next, false);
      if (page.isEmpty()) {
        return Optional.empty();
      }
      whole.addAllEvents(page.get().getHistory().getEventsList());
      next = page.get().getNextPageToken();
    } while (!next.isEmpty());
    return Optional.of(new WorkflowExecutionHistory(whole.build(), workflowId));
  }

  private Optional<GetWorkflowExecutionHistoryResponse> page(
      String workflowId, String runId, ByteString token, boolean closeEventOnly) {
    return known(
        () ->
            stubs
                .blockingStub()
                .getWorkflowExecutionHistory(
                    GetWorkflowExecutionHistoryRequest.newBuilder()
                        .setNamespace(namespace)
                        .setExecution(
                            WorkflowExecution.newBuilder()
                                .setWorkflowId(workflowId)
                                .setRunId(runId))
                        .setHistoryEventFilterType(
                            closeEventOnly
                                ? HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT
                                : HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
                        .setNextPageToken(token)
                        .build()));
  }

  private Optional<WorkflowExecutionInfo> describe(WorkflowExecution execution) {
    return known(
        () ->
            stubs
                .blockingStub()
                .describeWorkflowExecution(
                    DescribeWorkflowExecutionRequest.newBuilder()
                        .setNamespace(namespace)
                        .setExecution(execution)
                        .build())
                .getWorkflowExecutionInfo());
  }

  private List<WorkflowExecutionInfo> listByVisibility(String types, String condition) {
    List<WorkflowExecutionInfo> found = new ArrayList<>();
    ByteString next = ByteString.EMPTY;
    do {
      ListWorkflowExecutionsResponse page =
          stubs
              .blockingStub()
              .listWorkflowExecutions(
                  ListWorkflowExecutionsRequest.newBuilder()
                      .setNamespace(namespace)
                      .setPageSize(PAGE)
                      .setQuery(types + condition)
                      .setNextPageToken(next)
                      .build());
      found.addAll(page.getExecutionsList());
      next = page.getNextPageToken();
    } while (!next.isEmpty() && found.size() < NEWEST);
    return found;
  }

  private List<WorkflowExecutionInfo> open() {
    ListOpenWorkflowExecutionsRequest request =
        ListOpenWorkflowExecutionsRequest.newBuilder()
            .setNamespace(namespace)
            .setMaximumPageSize(NEWEST)
            .setStartTimeFilter(StartTimeFilter.getDefaultInstance())
            .build();
    return runs(
        undisturbed(() -> stubs.blockingStub().listOpenWorkflowExecutions(request))
            .getExecutionsList());
  }

  /** The in-memory server would pass over a filter by type, and lists previews too. */
  private static List<WorkflowExecutionInfo> runs(List<WorkflowExecutionInfo> listed) {
    return listed.stream().filter(info -> TYPES.contains(info.getType().getName())).toList();
  }

  private List<WorkflowExecutionInfo> closed() {
    ListClosedWorkflowExecutionsRequest request =
        ListClosedWorkflowExecutionsRequest.newBuilder()
            .setNamespace(namespace)
            .setMaximumPageSize(NEWEST)
            .setStartTimeFilter(StartTimeFilter.getDefaultInstance())
            .build();
    return runs(
        undisturbed(() -> stubs.blockingStub().listClosedWorkflowExecutions(request))
            .getExecutionsList());
  }

  private RunSummary summary(WorkflowExecutionInfo info) {
    WorkflowExecution execution = info.getExecution();
    String since = memo(info, RunStarter.MEMO_STARTED_AT);
    return new RunSummary(
        execution.getWorkflowId(),
        label(info, RunStarter.MEMO_RUN, execution.getRunId()),
        label(info, RunStarter.MEMO_RUNBOOK, "?"),
        label(info, RunStarter.MEMO_KIND, "?"),
        label(info, RunStarter.MEMO_TARGET, target(execution.getWorkflowId())),
        memo(info, RunStarter.MEMO_PLAN_DIGEST),
        memo(info, RunStarter.MEMO_STARTED_BY),
        state(info),
        since == null ? instant(info.getStartTime()) : Instant.parse(since),
        info.hasCloseTime() ? instant(info.getCloseTime()) : null,
        info.hasParentExecution() ? info.getParentExecution().getRunId() : null,
        Place.SERVER,
        info.getHistoryLength());
  }

  private RunState state(WorkflowExecutionInfo info) {
    boolean completed =
        info.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_COMPLETED;
    boolean cancelled =
        info.getStatus() == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CANCELED;
    RunState told = outcome(info);
    if (!completed && !cancelled) {
      RunState known = state(info.getStatus());
      return told == RunState.WAITING && known == RunState.RUNNING ? told : known;
    }
    if (told != null && told.isFinal()) {
      return told;
    }
    WorkflowExecution execution = info.getExecution();
    if (cancelled) {
      return history(execution.getWorkflowId(), execution.getRunId())
          .map(ServerRuns::state)
          .orElse(RunState.CANCELLED);
    }
    return page(execution.getWorkflowId(), execution.getRunId(), ByteString.EMPTY, true)
        .flatMap(page -> page.getHistory().getEventsList().stream().reduce((a, b) -> b))
        .map(ServerRuns::state)
        .orElse(RunState.SUCCEEDED);
  }

  /** What the run itself says in its search attributes; null where the server has none. */
  private static @Nullable RunState outcome(WorkflowExecutionInfo info) {
    String told =
        text(info.getSearchAttributes().getIndexedFieldsMap().get(SearchFields.OUTCOME.getName()));
    return Stream.of(RunState.values())
        .filter(state -> state.name().equalsIgnoreCase(told))
        .findFirst()
        .orElse(null);
  }

  /**
   * How a run stands by its history. Temporal calls cancelled also what came to another end after
   * somebody had asked for that, such as one that was being taken back.
   */
  static RunState state(WorkflowExecutionHistory history) {
    HistoryEvent last = history.getEvents().get(history.getEvents().size() - 1);
    return last.getEventType() == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED
        ? new HistoryReader(Payloads.CONVERTER).read(history).status().state()
        : state(last);
  }

  private static RunState state(HistoryEvent last) {
    return switch (last.getEventType()) {
      case EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED ->
          Payloads.CONVERTER
              .fromPayloads(
                  0,
                  Optional.of(last.getWorkflowExecutionCompletedEventAttributes().getResult()),
                  RunResult.class,
                  RunResult.class)
              .state();
      case EVENT_TYPE_WORKFLOW_EXECUTION_FAILED, EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT ->
          RunState.FAILED;
      case EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED -> RunState.TERMINATED;
      default -> RunState.RUNNING;
    };
  }

  private static RunState state(WorkflowExecutionStatus status) {
    return switch (status) {
      case WORKFLOW_EXECUTION_STATUS_TERMINATED -> RunState.TERMINATED;
      case WORKFLOW_EXECUTION_STATUS_FAILED, WORKFLOW_EXECUTION_STATUS_TIMED_OUT -> RunState.FAILED;
      default -> RunState.RUNNING;
    };
  }

  static boolean isFirst(HistoryEvent event) {
    return event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED;
  }

  private static String label(WorkflowExecutionInfo info, String key, String otherwise) {
    String value = memo(info, key);
    return value == null ? otherwise : value;
  }

  private static @Nullable String memo(WorkflowExecutionInfo info, String key) {
    return text(info.getMemo().getFieldsMap().get(key));
  }

  static @Nullable String text(@Nullable Payload payload) {
    return payload == null
        ? null
        : Payloads.CONVERTER.fromPayload(payload, String.class, String.class);
  }

  /** The target in a run's workflow id; of a child runbook's the part before its own name. */
  static String target(String workflowId) {
    String prefix = RunStarter.workflowId("");
    return workflowId.startsWith(prefix) ? workflowId.substring(prefix.length()) : workflowId;
  }

  static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  /**
   * The in-memory server lists from a map that whatever starts in the meantime changes, and fails
   * then with UNKNOWN; asked again, it lists.
   */
  private static <T> T undisturbed(Call<T> call) {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.ask();
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.UNKNOWN || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private static <T> Optional<T> known(Call<T> call) {
    try {
      return Optional.of(call.ask());
    } catch (StatusRuntimeException e) {
      // INVALID_ARGUMENT: what was asked for isn't even an id, so there is no such run.
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND
          || e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private interface Call<T> {
    T ask();
  }
}
