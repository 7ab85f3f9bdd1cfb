package dev.backout.workflow;

import dev.backout.history.Telling;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import java.util.List;

/** The workflow that goes on telling when the run has ended. */
final class Successor {
  private Successor() {}

  /** Returns when it has begun, which takes one exchange with the server and no receiver. */
  static void start(RunRequest request, List<Notification> notifications) {
    NotificationWorkflow successor =
        Workflow.newChildWorkflowStub(NotificationWorkflow.class, options(request));
    Promise<RunResult> ignored = Async.function(successor::tell, notifications);
    try {
      var unused = Workflow.getWorkflowExecution(successor).get();
    } catch (ChildWorkflowFailure e) {
      // The run has its end all the same; its history says that this could not be started.
      Workflow.getLogger(Successor.class).warn("nobody is told of the end: {}", e.getMessage());
    }
  }

  private static ChildWorkflowOptions options(RunRequest request) {
    WorkflowInfo run = Workflow.getInfo();
    return ChildWorkflowOptions.newBuilder()
        // A later run of the target may end before this one is done.
        .setWorkflowId(Telling.workflowId(run.getWorkflowId(), run.getRunId()))
        .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_ABANDON)
        .setCancellationType(ChildWorkflowCancellationType.ABANDON)
        .setStaticSummary("Tell of the end of " + request.plan().runbook())
        .setMemo(RunStarter.memo(request))
        .build();
  }
}
