package dev.backout.history;

import io.temporal.api.common.v1.WorkflowType;
import io.temporal.api.history.v1.HistoryEvent;

/** What Temporal says of a run's child workflows. */
final class ChildEvents {
  private ChildEvents() {}

  /** Whether it is of a child that tells people, and is no step of the run. */
  static boolean isOfTelling(HistoryEvent event) {
    return type(event).getName().equals(Telling.WORKFLOW);
  }

  private static WorkflowType type(HistoryEvent event) {
    return switch (event.getEventType()) {
      case EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED ->
          event.getStartChildWorkflowExecutionInitiatedEventAttributes().getWorkflowType();
      case EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_FAILED ->
          event.getStartChildWorkflowExecutionFailedEventAttributes().getWorkflowType();
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED ->
          event.getChildWorkflowExecutionStartedEventAttributes().getWorkflowType();
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_COMPLETED ->
          event.getChildWorkflowExecutionCompletedEventAttributes().getWorkflowType();
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_FAILED ->
          event.getChildWorkflowExecutionFailedEventAttributes().getWorkflowType();
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_TIMED_OUT ->
          event.getChildWorkflowExecutionTimedOutEventAttributes().getWorkflowType();
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_CANCELED ->
          event.getChildWorkflowExecutionCanceledEventAttributes().getWorkflowType();
      case EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_TERMINATED ->
          event.getChildWorkflowExecutionTerminatedEventAttributes().getWorkflowType();
      default -> WorkflowType.getDefaultInstance();
    };
  }
}
