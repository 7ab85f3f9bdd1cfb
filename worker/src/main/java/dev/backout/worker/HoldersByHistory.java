package dev.backout.worker;

import dev.backout.workflow.NewestHistory;
import dev.backout.workflow.StepCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.activity.Activity;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DataConverterException;
import java.util.List;
import java.util.Optional;

/** Who was given an attempt, as the history of the run that asks tells it. */
final class HoldersByHistory implements JournalDesk.Holders {
  private final WorkflowClient client;

  HoldersByHistory(WorkflowClient client) {
    this.client = client;
  }

  /** The second argument of an activity, as far as it matters here. */
  private record Call(String step, int attempt) {}

  @Override
  public Optional<JournalDesk.Holder> holder(StepCall attempt) {
    String workflowId = Activity.getExecutionContext().getInfo().getWorkflowId();
    DataConverter converter = client.getOptions().getDataConverter();
    long scheduled = -1;
    String action = "";
    JournalDesk.Holder holder = null;
    for (HistoryEvent event : events(workflowId, attempt.runId())) {
      if (event.hasActivityTaskScheduledEventAttributes()
          && isOf(attempt, event.getActivityTaskScheduledEventAttributes().getInput(), converter)) {
        scheduled = event.getEventId();
        action = event.getActivityTaskScheduledEventAttributes().getActivityType().getName();
      } else if (event.hasActivityTaskStartedEventAttributes()
          && event.getActivityTaskStartedEventAttributes().getScheduledEventId() == scheduled) {
        holder =
            new JournalDesk.Holder(
                event.getActivityTaskStartedEventAttributes().getIdentity(), action);
      }
    }
    return Optional.ofNullable(holder);
  }

  /** None of a former run that was on a server which is gone. */
  private List<HistoryEvent> events(String workflowId, String runId) {
    try {
      String newest =
          NewestHistory.of(
                  client.getWorkflowServiceStubs(),
                  client.getOptions().getNamespace(),
                  workflowId,
                  runId)
              .getRunId();
      return client.fetchHistory(workflowId, newest).getEvents();
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
        return List.of();
      }
      throw e;
    }
  }

  private static boolean isOf(StepCall attempt, Payloads input, DataConverter converter) {
    if (input.getPayloadsCount() < 2) {
      return false;
    }
    try {
      Call call = converter.fromPayload(input.getPayloads(1), Call.class, Call.class);
      return call.step().equals(attempt.step()) && call.attempt() == attempt.attempt();
    } catch (DataConverterException e) {
      return false;
    }
  }
}
