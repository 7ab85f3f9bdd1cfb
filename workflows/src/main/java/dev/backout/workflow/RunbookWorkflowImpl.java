package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.Choices;
import dev.backout.history.Endings;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.StatusFold;
import dev.backout.history.StatusSize;
import dev.backout.history.StepPath;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.OnFailure;
import dev.backout.plan.Scope;
import dev.backout.runbook.expression.EvaluationException;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInfo;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.unsafe.WorkflowUnsafe;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The story of a run. */
public final class RunbookWorkflowImpl implements RunbookWorkflow {
  private final Run run;
  private final Optional<Continuation> from;
  private final Objectives objectives;
  private final StepRunner steps;

  @WorkflowInit
  public RunbookWorkflowImpl(RunRequest request) {
    WorkflowInfo info = Workflow.getInfo();
    this.from = Continuation.of(request, info);
    List<RunEvent> earlier =
        from.map(each -> WorkflowUnsafe.deadlockDetectorOff(() -> each.chronicle().read()))
            .orElse(List.of());
    RunEvent.RunStarted start = started(request, info);
    RunLog log = new RunLog(new StatusFold(start), earlier, request.searchAttributes());
    Ending ending = new Ending();
    Entrance entrance = new Entrance(request, log);
    this.run =
        new Run(
            request,
            info.getWorkflowId(),
            start.runId(),
            log,
            new Desk(log, new Judges(request, log, entrance), ending),
            ending,
            new TakingBack(request, log),
            entrance,
            new FormerSteps(request, log, entrance),
            new Notices(request, log, entrance, start.runId(), info));
    from.ifPresent(run.desk()::goOn);
    from.ifPresent(each -> each.undo().forEach(run.back()::carry));
    this.objectives = new Objectives(run);
    this.steps = new StepRunner(run, objectives);
  }

  @Override
  public RunResult run(RunRequest request) {
    try {
      Optional<String> refusal = run.entrance().refusal();
      return refusal.isPresent() ? refused(refusal.get()) : admitted();
    } catch (CanceledFailure e) {
      run.log().seen(new RunEvent.RunFinished(RunLog.now(), RunState.CANCELLED, Endings.CANCELLED));
      run.notices().handOver();
      throw e;
    }
  }

  private RunResult refused(String why) {
    // Not even what runs whatever happens.
    return closed(RunState.FAILED, "Not allowed: " + why, Map.of(), null);
  }

  private RunResult admitted() {
    run.notices().begin(from);
    CancellationScope clock = objectives.watch();
    try {
      Scope first = firstScope();
      Progress[] reached = {Progress.from(first).broken()};
      Interruptible.run(run.ending(), () -> reached[0] = steps(first));
      Progress done = reached[0];
      clock.cancel();
      return finish(done);
    } catch (EvaluationException e) {
      clock.cancel();
      run.ending().set(RunState.FAILED, String.valueOf(e.getMessage()), null);
      return finish(Progress.from(Scope.of(run.plan())).broken());
    } catch (CanceledFailure e) {
      new Lastly(run, objectives).all();
      throw e;
    }
  }

  private Progress steps(Scope first) {
    if (from.isPresent()) {
      Continuation earlier = from.get();
      return steps.own(
          NextHistory.rest(earlier, run.plan().steps()),
          WorkflowUnsafe.deadlockDetectorOff(
              () -> NextHistory.arrived(earlier, run, Progress.from(first))));
    }
    run.former().show(run.back());
    Progress ready = preflight(Progress.from(first));
    return ready.complete() ? steps.own(run.plan().steps(), ready) : ready;
  }

  /** All of it must hold before anything is touched; all that doesn't is found in one go. */
  private Progress preflight(Progress start) {
    Map<String, StepRun> goes = new LinkedHashMap<>();
    while (true) {
      List<String> failures = new ArrayList<>();
      Progress progress = start;
      for (PlannedStep step : run.plan().preflight()) {
        StepRun going = again(goes, step, progress.scope());
        StepResult result = steps.withoutAsking(going).result();
        progress = progress.with(StepRunner.gainOf(step, result));
        if (result instanceof StepResult.Failed && step.onFailure() != OnFailure.CONTINUE) {
          failures.add("`" + going.name + "`: " + StepRunner.failureOf(result));
        }
      }
      if (run.ending().isSet()) {
        return progress.broken();
      }
      if (failures.isEmpty()) {
        return progress;
      }
      switch (afterFailures(failures)) {
        case Choices.RETRY -> {}
        case Choices.SKIP -> {
          return asBefore(goes, start);
        }
        default -> {
          return progress.broken();
        }
      }
    }
  }

  /** With what a former run found where the check fails now. */
  private Progress asBefore(Map<String, StepRun> goes, Progress start) {
    Progress progress = start;
    for (PlannedStep step : run.plan().preflight()) {
      StepRun going = again(goes, step, progress.scope());
      Optional<RunStatus.StepStatus> now = run.log().fold().step(step.id());
      boolean holds = now.filter(each -> each.state() == RunStatus.StepState.DONE).isPresent();
      progress =
          progress.with(
              holds
                  ? Progress.Gain.done(step, now.get().outputs())
                  : run.former().ofPreflight(going).orElse(Progress.Gain.notDone(step)));
    }
    return progress;
  }

  private static StepRun again(Map<String, StepRun> goes, PlannedStep step, Scope scope) {
    StepRun before = goes.get(step.id());
    StepRun now =
        before == null
            ? new StepRun(step, step.id(), scope)
            : new StepRun(step, step.id(), scope, before.attempt());
    goes.put(step.id(), now);
    return now;
  }

  /**
   * A check may have failed for a reason that a person can mend at once, and the target is already
   * held: so it asks, and nothing has been touched in the meantime. Of a run that goes on from a
   * former one, what that has done may be the reason.
   */
  private String afterFailures(List<String> failures) {
    boolean resumed = run.former().isResumed();
    String question =
        "The preflight does not hold, and "
            + (resumed ? "this run has touched nothing. " : "nothing has been touched. ")
            + String.join(" ", failures)
            + " `retry` checks again, "
            + (resumed ? "`skip` goes on with what the former run found, " : "")
            + "`stop` ends the run.";
    return run.desk()
        .ask(
            run.back()
                .offered(
                    Desk.question(
                        WaitingFor.FAILURE,
                        StepPath.PREFLIGHT,
                        question,
                        resumed
                            ? List.of(Choices.STOP, Choices.RETRY, Choices.SKIP)
                            : List.of(Choices.STOP, Choices.RETRY))))
        .map(Decision::choice)
        .orElse(Choices.STOP);
  }

  private RunResult finish(Progress done) {
    Ending.Reason ending = run.ending().reason();
    if (ending != null && ending.undo()) {
      return undone(done, ending);
    }
    if (ending == null || done.complete()) {
      return finished(done, RunState.SUCCEEDED, Outcomes.of(run.log().status()), null);
    }
    return finished(done, ending.state(), ending.outcome(), ending.by());
  }

  /** A child leaves it to the run that called it, which has steps of its own to take back. */
  private RunResult undone(Progress done, Ending.Reason ending) {
    if (run.request().isChild()) {
      return finished(done, ending.state(), ending.outcome(), ending.by());
    }
    Undoing.Result result = new Undoing(run, objectives).all(ending);
    return finished(done, result.state(), result.outcome(), ending.by());
  }

  private RunResult finished(Progress done, RunState state, String how, @Nullable String by) {
    Lastly lastly = new Lastly(run, objectives);
    lastly.all();
    return closed(
        state,
        how + lastly.remark(),
        state == RunState.SUCCEEDED ? outputs(done.scope()) : Map.of(),
        by);
  }

  private RunResult closed(
      RunState state, String outcome, Map<String, JsonNode> outputs, @Nullable String by) {
    RunEvent end = new RunEvent.RunFinished(RunLog.now(), state, outcome);
    if (CancellationScope.current().isCancelRequested()) {
      run.log().note(end); // Temporal will say no more than that it was cancelled.
    } else {
      run.log().seen(end);
    }
    run.notices().handOver();
    // The run has its end, which a cancellation that comes now doesn't change.
    Workflow.newDetachedCancellationScope(() -> Workflow.await(Workflow::isEveryHandlerFinished))
        .run();
    boolean child = run.request().isChild();
    return new RunResult(
        state,
        outcome,
        outputs,
        by,
        child ? run.back().plan() : null,
        child && run.ending().isUndo() ? true : null);
  }

  /** An output that has no value, because a step was skipped, is left out. */
  private Map<String, JsonNode> outputs(Scope scope) {
    Map<String, JsonNode> outputs = new LinkedHashMap<>();
    run.plan()
        .outputs()
        .forEach(
            (name, expression) -> {
              try {
                outputs.put(name, scope.value(expression));
              } catch (EvaluationException e) {
                Workflow.getLogger(RunbookWorkflowImpl.class)
                    .info("output {} has no value: {}", name, e.getMessage());
              }
            });
    return outputs;
  }

  private Scope firstScope() {
    RunRequest request = run.request();
    JsonNode given = request.given();
    Scope scope = given == null ? Scope.of(request.plan()) : Scope.of(request.plan(), given);
    Scope first = scope.withRun(run.runId(), request.plan().target(), request.startedBy());
    // The first expression of a process loads CEL, which a busy machine can take longer for than
    // Temporal's deadlock detector allows.
    JsonNode ignored = WorkflowUnsafe.deadlockDetectorOff(() -> first.value("run.id"));
    run.back().from(first);
    return first;
  }

  private RunEvent.RunStarted started(RunRequest request, WorkflowInfo info) {
    Instant now =
        from.map(each -> each.chronicle().startedAt())
            .orElse(Instant.ofEpochMilli(info.getRunStartedTimestampMillis()));
    Instant incident = request.incidentAt();
    return new RunEvent.RunStarted(
        now,
        info.getWorkflowId(),
        from.map(each -> each.chronicle().runId()).orElse(info.getRunId()),
        request.plan(),
        request.startedBy(),
        request.reason(),
        incident == null ? now : incident,
        request.resumes());
  }

  @Override
  public void validateDecision(Decision decision) {
    run.desk().refusal(decision).ifPresent(RunbookWorkflowImpl::refuse);
  }

  private static void refuse(String why) {
    throw ApplicationFailure.newNonRetryableFailure(why, DECISION_REFUSED);
  }

  @Override
  public RunStatus decide(Decision decision) {
    run.desk().take(decision).ifPresent(RunbookWorkflowImpl::refuse);
    return StatusSize.outline(run.log().status());
  }

  @Override
  public void decideBySignal(Decision decision) {
    Optional<String> ignored = run.desk().take(decision);
  }

  @Override
  public void decideByCaller(Decision decision) {
    if (Workflow.getInfo().getParentWorkflowId().isPresent()) {
      run.desk().takeJudged(decision);
    }
  }

  @Override
  public RunStatus status() {
    return StatusSize.bounded(run.log().status());
  }

  @Override
  public ExecutionPlan plan() {
    return run.plan();
  }
}
