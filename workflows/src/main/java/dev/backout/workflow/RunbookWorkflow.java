package dev.backout.workflow;

import dev.backout.history.RunStatus;
import dev.backout.plan.ExecutionPlan;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** A run of a runbook. Its workflow id is the target's, so that a target has one run at a time. */
@WorkflowInterface
public interface RunbookWorkflow {

  /** Child runbooks and runs have the same type. */
  String TYPE = "runbook";

  String DECIDE = "decide";
  String DECISION_SIGNAL = "decision";
  String CALLERS_SIGNAL = "callersDecision";
  String STATUS = "status";
  String PLAN = "plan";

  /** The type of the failure with which an update is refused; its message is for people. */
  String DECISION_REFUSED = "DECISION_REFUSED";

  @WorkflowMethod(name = TYPE)
  RunResult run(RunRequest request);

  /** Refused at once, with the reason, when nothing waits for it or the choice is not offered. */
  @UpdateMethod(name = DECIDE)
  RunStatus decide(Decision decision);

  @UpdateValidatorMethod(updateName = DECIDE)
  void validateDecision(Decision decision);

  /**
   * The same for clients that can only signal; one that makes no sense is recorded and changes
   * nothing.
   */
  @SignalMethod(name = DECISION_SIGNAL)
  void decideBySignal(Decision decision);

  /**
   * The run that called this one stops, pauses or continues, by a decision that was judged there.
   * It changes nothing else, and nothing in a run that nobody called.
   */
  @SignalMethod(name = CALLERS_SIGNAL)
  void decideByCaller(Decision decision);

  @QueryMethod(name = STATUS)
  RunStatus status();

  @QueryMethod(name = PLAN)
  ExecutionPlan plan();
}
