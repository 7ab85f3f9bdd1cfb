package dev.backout.workflow;

import dev.backout.history.StatusFold;
import dev.backout.plan.ExecutionPlan;
import org.jspecify.annotations.Nullable;

/**
 * The run that something is told of.
 *
 * @param runId by which the run is known, of one that has more than one history that of its first
 * @param admission null in runs of releases that didn't ask
 */
record Sender(
    String namespace,
    String workflowId,
    String runId,
    ExecutionPlan plan,
    String startedBy,
    @Nullable Admission admission) {

  /**
   * @param number counted from 1, the same for everybody who is told of it
   * @param fold the run as it stands then
   */
  Notification notification(Channel to, Announcement what, int number, StatusFold fold) {
    String id = runId + "/" + number;
    return new Notification(
        to.name(),
        to.isOfWorker(),
        what.occasion().word(),
        id,
        to.action(),
        to.with(),
        CloudEvent.of(
            id,
            number,
            namespace,
            workflowId,
            what.occasion(),
            what.at(),
            what.step() == null ? plan.target() : what.step(),
            what.data(fold, runId, startedBy)),
        new StepCall(
            runId, plan.runbook(), plan.target(), "notifications." + to.name(), number, admission));
  }
}
