package dev.backout.workflow;

import dev.backout.history.Telling;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;

/**
 * Tells what a run that has ended could no longer: its own end, and what was still under way. So
 * the run, and its target, need not wait for any receiver.
 */
@WorkflowInterface
public interface NotificationWorkflow {
  String TYPE = Telling.WORKFLOW;

  /** Always succeeds; what could not be told is in its history. */
  @WorkflowMethod(name = TYPE)
  RunResult tell(List<Notification> notifications);
}
