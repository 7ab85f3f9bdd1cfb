package dev.backout.workflow;

import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.HistoryEventFilterType;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import java.util.List;

/** Where a run goes on that has more than one history. */
public final class NewestHistory {
  private NewestHistory() {}

  /**
   * The execution that goes on, or has ended, for the one that people know the run by.
   *
   * @throws io.grpc.StatusRuntimeException if the server doesn't know the run
   */
  public static WorkflowExecution of(
      WorkflowServiceStubs stubs, String namespace, String workflowId, String runId) {
    WorkflowExecution execution =
        WorkflowExecution.newBuilder().setWorkflowId(workflowId).setRunId(runId).build();
    String next = runId.isEmpty() ? "" : next(stubs, namespace, execution);
    while (!next.isEmpty()) {
      execution = execution.toBuilder().setRunId(next).build();
      next = next(stubs, namespace, execution);
    }
    return execution;
  }

  /** Asked for the last event of a run that goes on, a server would wait 20 s for its end. */
  private static String next(
      WorkflowServiceStubs stubs, String namespace, WorkflowExecution execution) {
    if (describe(stubs, namespace, execution).getStatus()
        != WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW) {
      return "";
    }
    String named = next(last(stubs, namespace, execution));
    return named.isEmpty() ? unnamed(stubs, namespace, execution) : named;
  }

  /**
   * Temporal's in-memory server has been seen to lose the event by which a history ends that goes
   * on in another: the task that gave it had been given out a second time. The workflow's newest
   * execution is the one then, if it began as the same run.
   */
  private static String unnamed(
      WorkflowServiceStubs stubs, String namespace, WorkflowExecution execution) {
    WorkflowExecution newest =
        describe(stubs, namespace, execution.toBuilder().clearRunId().build()).getExecution();
    boolean isOfTheRun =
        !newest.getRunId().equals(execution.getRunId())
            && beginning(stubs, namespace, newest).equals(beginning(stubs, namespace, execution));
    return isOfTheRun ? newest.getRunId() : "";
  }

  private static WorkflowExecutionInfo describe(
      WorkflowServiceStubs stubs, String namespace, WorkflowExecution execution) {
    return stubs
        .blockingStub()
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(namespace)
                .setExecution(execution)
                .build())
        .getWorkflowExecutionInfo();
  }

  /** The id of the first of its histories. */
  private static String beginning(
      WorkflowServiceStubs stubs, String namespace, WorkflowExecution execution) {
    return stubs
        .blockingStub()
        .getWorkflowExecutionHistory(
            GetWorkflowExecutionHistoryRequest.newBuilder()
                .setNamespace(namespace)
                .setExecution(execution)
                .setMaximumPageSize(1)
                .build())
        .getHistory()
        .getEvents(0)
        .getWorkflowExecutionStartedEventAttributes()
        .getFirstExecutionRunId();
  }

  /**
   * @return empty if this event doesn't end a history that goes on in another
   */
  public static String next(List<HistoryEvent> events) {
    if (events.isEmpty()) {
      return "";
    }
    HistoryEvent last = events.get(events.size() - 1);
    return last.getWorkflowExecutionContinuedAsNewEventAttributes().getNewExecutionRunId();
  }

  /** Of a history that has ended. */
  private static List<HistoryEvent> last(
      WorkflowServiceStubs stubs, String namespace, WorkflowExecution execution) {
    return stubs
        .blockingStub()
        .getWorkflowExecutionHistory(
            GetWorkflowExecutionHistoryRequest.newBuilder()
                .setNamespace(namespace)
                .setExecution(execution)
                .setHistoryEventFilterType(
                    HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT)
                .build())
        .getHistory()
        .getEventsList();
  }
}
