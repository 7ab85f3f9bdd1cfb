package dev.backout.workflow;

import dev.backout.plan.ExecutionPlan;

/** What all parts of the interpreter share in one run. */
record Run(
    RunRequest request, String workflowId, String runId, RunLog log, Desk desk, Ending ending) {

  ExecutionPlan plan() {
    return request.plan();
  }

  StepCall call(String path, int attempt) {
    return new StepCall(runId, plan().runbook(), plan().target(), path, attempt);
  }
}
