package dev.backout.workflow;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowServiceException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits for a preview no longer than it can still come: Temporal itself would try for ever where no
 * worker listens, and where the worker can't make out what it is given.
 */
final class PendingPreview {
  /** All of it; what the server ends by itself too, when the command is gone. */
  static final Duration LONGEST = Duration.ofMinutes(10);

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(5);

  /** How often to look before it is said that no worker is there. */
  private static final int LOOKS_FOR_A_WORKER = 3;

  private final WorkflowClient client;
  private final WorkflowStub preview;
  private final String taskQueue;

  PendingPreview(WorkflowClient client, WorkflowStub preview, String taskQueue) {
    this.client = client;
    this.preview = preview;
    this.taskQueue = taskQueue;
  }

  /**
   * @throws PreviewException if it won't come
   */
  PlanPreview await() {
    for (int look = 1; ; look++) {
      try {
        return preview.getResult(BETWEEN_LOOKS.toSeconds(), TimeUnit.SECONDS, PlanPreview.class);
      } catch (TimeoutException e) {
        giveUpIfHopeless(look);
      } catch (WorkflowServiceException e) {
        if (!isBusy(e)) {
          throw e;
        }
        giveUpIfHopeless(look);
      }
    }
  }

  /** A loaded server says so where it would otherwise let one wait. */
  private static boolean isBusy(WorkflowServiceException e) {
    return e.getCause() instanceof StatusRuntimeException refused
        && refused.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED;
  }

  private void giveUpIfHopeless(int look) {
    Optional<String> hopeless = hopeless(look);
    if (hopeless.isPresent()) {
      preview.terminate("given up");
      throw new PreviewException(hopeless.get());
    }
  }

  private Optional<String> hopeless(int look) {
    WorkflowExecutionHistory history =
        client.fetchHistory(
            preview.getExecution().getWorkflowId(), preview.getExecution().getRunId());
    List<HistoryEvent> events = history.getEvents();
    Optional<String> failure =
        events.stream()
            .filter(HistoryEvent::hasWorkflowTaskFailedEventAttributes)
            .map(event -> event.getWorkflowTaskFailedEventAttributes().getFailure().getMessage())
            .findFirst();
    if (failure.isPresent()) {
      return Optional.of(
          "The worker can't make out the plan, or an action's answer to it: "
              + failure.get()
              + ". Are the command and the worker of the same version?");
    }
    boolean begun = events.stream().anyMatch(HistoryEvent::hasWorkflowTaskStartedEventAttributes);
    return begun || look < LOOKS_FOR_A_WORKER
        ? Optional.empty()
        : Optional.of(
            "No worker takes work from the task queue `"
                + taskQueue
                + "`. Start one: `backout worker`.");
  }
}
