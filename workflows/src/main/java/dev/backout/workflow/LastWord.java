package dev.backout.workflow;

import dev.backout.history.HistoryReader;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.StatusFold;
import dev.backout.history.Telling;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.history.v1.WorkflowExecutionStartedEventAttributes;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionAlreadyStarted;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.DataConverter;
import java.util.List;
import java.util.Optional;

/** Has people told of a run that was terminated: it has ended without a word of its own. */
public final class LastWord {
  private final WorkflowClient client;

  /** The client must use {@link dev.backout.history.Payloads#CONVERTER}, or one around it. */
  public LastWord(WorkflowClient client) {
    this.client = client;
  }

  /**
   * In a workflow of its own, which is waited for no more than a receiver is. Whoever calls this,
   * and however often, they are told once: the workflow's id is the run's, and is never used again
   * while the server remembers it. Nothing is told of a run that ended otherwise, was not let in,
   * or was called by another.
   *
   * @param history the run's newest
   */
  public void tell(WorkflowExecutionHistory history) {
    WorkflowExecutionStartedEventAttributes started =
        history.getEvents().get(0).getWorkflowExecutionStartedEventAttributes();
    List<Notification> what = of(history, started);
    if (what.isEmpty()) {
      return;
    }
    WorkflowOptions options =
        WorkflowOptions.newBuilder()
            .setWorkflowId(
                Telling.workflowId(
                    history.getWorkflowExecution().getWorkflowId(),
                    started.getOriginalExecutionRunId()))
            .setWorkflowIdReusePolicy(
                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE)
            .setTaskQueue(started.getTaskQueue().getName())
            .setStaticSummary("Tell that a run was terminated")
            .build();
    try {
      var unused = client.newUntypedWorkflowStub(NotificationWorkflow.TYPE, options).start(what);
    } catch (WorkflowExecutionAlreadyStarted e) {
      // Another worker was first, or the run was terminated when it had told of its end already.
      return;
    }
  }

  private List<Notification> of(
      WorkflowExecutionHistory history, WorkflowExecutionStartedEventAttributes started) {
    DataConverter converter = client.getOptions().getDataConverter();
    RunRequest request =
        converter.fromPayloads(
            0, Optional.of(started.getInput()), RunRequest.class, RunRequest.class);
    boolean goesOn = !started.getContinuedExecutionRunId().isEmpty();
    WhoIsTold who = new WhoIsTold(converter, request, goesOn ? request.continues() : null);
    StatusFold fold = new HistoryReader(converter).readTo(history, who);
    RunEvent.RunFinished end = who.end();
    if (end == null || end.state() != RunState.TERMINATED || request.isChild()) {
      return List.of();
    }
    Sender sender =
        new Sender(
            client.getOptions().getNamespace(),
            history.getWorkflowExecution().getWorkflowId(),
            fold.status().runId(),
            request.plan(),
            request.startedBy(),
            who.admission());
    Announcement what = Announcement.finished(end, fold);
    return who.channels().stream()
        .filter(each -> each.wants(what.occasion(), what.asks()))
        .map(each -> sender.notification(each, what, who.told() + 1, fold))
        .toList();
  }
}
