package dev.backout.workflow;

import dev.backout.plan.ExecutionPlan;

/** What all parts of the interpreter share in one run. */
record Run(
    RunRequest request,
    String workflowId,
    String runId,
    RunLog log,
    Desk desk,
    Ending ending,
    TakingBack back,
    Entrance entrance,
    FormerSteps former,
    Notices notices) {

  ExecutionPlan plan() {
    return request.plan();
  }

  /** What comes after the steps, and has an end of its own. */
  Run until(Ending end) {
    return new Run(
        request,
        workflowId,
        runId,
        log,
        desk,
        end,
        back.closed(),
        entrance,
        former.none(),
        notices);
  }

  /** In the steps only: what is taken back, and what runs whatever happens, is not asked about. */
  boolean asksBeforeEachStep() {
    return back.isOpen() && Boolean.TRUE.equals(request.stepByStep());
  }

  StepCall call(String path, int attempt) {
    return new StepCall(
        runId,
        plan().runbook(),
        plan().target(),
        path,
        attempt,
        entrance.admission(),
        Approvals.of(log.events()));
  }
}
