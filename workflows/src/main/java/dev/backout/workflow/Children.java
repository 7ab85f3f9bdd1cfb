package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.Repeatability;
import dev.backout.history.AttemptFailure;
import dev.backout.history.Choices;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.StepPath;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.Json;
import dev.backout.plan.PlannedStep.CallRunbook;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.ParentClosePolicy;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.ChildWorkflowCancellationType;
import io.temporal.workflow.ChildWorkflowOptions;
import io.temporal.workflow.ChildWorkflowStub;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;

/** Child runbooks: workflows with a history of their own, below their parent's id. */
final class Children {
  private final Run run;

  Children(Run run) {
    this.run = run;
  }

  StepResult call(StepRun step, CallRunbook call) {
    JsonNode given = step.scope.render(call.with());
    String id = StepPath.childWorkflowId(run.workflowId(), step.path);
    ChildWorkflowStub child =
        Workflow.newUntypedChildWorkflowStub(RunbookWorkflow.TYPE, options(step, call.plan(), id));
    run.log()
        .seen(new RunEvent.StepStarted(RunLog.now(), step.path, step.name, step.nextAttempt()));
    Promise<RunResult> result =
        child.executeAsync(RunResult.class, request(step, call.plan(), given));
    try {
      WorkflowExecution started = child.getExecution().get();
      run.log().seen(new RunEvent.ChildStarted(RunLog.now(), step.path, id, started.getRunId()));
      await(child, result);
      return ended(step, result.get());
    } catch (ChildWorkflowFailure e) {
      return failed(step, e);
    }
  }

  private RunRequest request(StepRun step, ExecutionPlan plan, JsonNode given) {
    return run.request()
        .with(
            child ->
                child
                    .plan(plan)
                    .incidentAt(run.log().fold().incidentAt())
                    .given(given)
                    .above(run.back().asAbove())
                    .signature(null)
                    .admission(run.entrance().admission())
                    .resumes(run.former().below(step))
                    .told(run.notices().channels())
                    .continues(null)
                    .usual(null));
  }

  /**
   * A stop of this run is one of the child, which finishes the step that it is at; so is a pause.
   */
  private void await(ChildWorkflowStub child, Promise<RunResult> result) {
    boolean[] paused = {false};
    try {
      while (!result.isCompleted() && !run.ending().isSet()) {
        Workflow.await(
            () ->
                result.isCompleted() || run.ending().isSet() || run.desk().isPaused() != paused[0]);
        if (!result.isCompleted() && run.desk().isPaused() != paused[0]) {
          paused[0] = !paused[0];
          tell(child, paused[0] ? Choices.PAUSE : Choices.CONTINUE, "backout", "As its parent.");
        }
      }
    } catch (CanceledFailure e) {
      return; // Temporal cancels the child too; how it ends is what its result will say.
    }
    Ending.Reason ending = run.ending().reason();
    if (!result.isCompleted()
        && ending != null
        && !CancellationScope.current().isCancelRequested()) {
      tell(child, Choices.STOP, ending.by() == null ? "backout" : ending.by(), ending.outcome());
    }
  }

  private void tell(ChildWorkflowStub child, String choice, String by, String why) {
    String id = choice + " of " + run.runId() + " at " + RunLog.now();
    child.signal(
        RunbookWorkflow.CALLERS_SIGNAL,
        new Decision(id, StepPath.RUN, choice, by, why, RunLog.now(), null));
  }

  private StepResult ended(StepRun step, RunResult result) {
    if (result.undo() != null) {
      run.back().carry(step.path, result.undo());
    }
    if (result.state() == RunState.SUCCEEDED) {
      JsonNode outputs = Json.MAPPER.valueToTree(result.outputs());
      run.log().seen(new RunEvent.StepDone(RunLog.now(), step.path, outputs));
      return new StepResult.Done(outputs);
    }
    run.log().seen(new RunEvent.StepFailed(RunLog.now(), step.path, result.outcome()));
    if (Boolean.TRUE.equals(result.takeBack())) {
      run.ending().setUndo(result.state(), result.outcome(), result.by());
      return new StepResult.Ended();
    }
    if (result.state() == RunState.STOPPED) {
      // To stop is to stop the run; a person who has said so isn't asked again further up.
      run.ending().set(RunState.STOPPED, result.outcome(), result.by());
      return new StepResult.Ended();
    }
    return new StepResult.Failed(result.outcome());
  }

  private StepResult failed(StepRun step, ChildWorkflowFailure e) {
    String message = AttemptFailure.of(e, Repeatability.SAFE).message();
    run.log().seen(new RunEvent.StepFailed(RunLog.now(), step.path, message));
    if (CancellationScope.current().isCancelRequested()
        && e.getCause() instanceof CanceledFailure canceled) {
      throw canceled;
    }
    return new StepResult.Failed(message);
  }

  private ChildWorkflowOptions options(StepRun step, ExecutionPlan plan, String id) {
    RunRequest own = run.request();
    ChildWorkflowOptions.Builder options =
        ChildWorkflowOptions.newBuilder()
            .setWorkflowId(id)
            .setParentClosePolicy(ParentClosePolicy.PARENT_CLOSE_POLICY_REQUEST_CANCEL)
            .setCancellationType(ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED)
            .setStaticSummary(step.name)
            .setMemo(RunStarter.memo(own.withPlan(plan)));
    if (own.searchAttributes()) {
      options.setTypedSearchAttributes(SearchFields.of(plan));
    }
    String queue = step.taskQueue();
    if (queue != null) {
      options.setTaskQueue(queue);
    }
    return options.build();
  }
}
