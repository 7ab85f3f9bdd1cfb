package dev.backout.workflow;

import static dev.backout.workflow.Sketch.json;
import static dev.backout.workflow.Sketch.never;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Sketch.undo;
import static dev.backout.workflow.Stage.decide;
import static dev.backout.workflow.Stage.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.plan.PlannedStep;
import io.temporal.activity.Activity;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run is held, let go on, taken step by step, and interrupted. */
class PauseTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  private CountDownLatch holding(String action) {
    CountDownLatch go = new CountDownLatch(1);
    stage.does(
        action,
        (input, call) -> {
          go.await();
          return json("{}");
        });
    return go;
  }

  private void untilCancelled(String action) {
    stage.does(
        action,
        (input, call) -> {
          while (true) {
            Thread.sleep(50);
            Activity.getExecutionContext().heartbeat("alive");
          }
        });
  }

  @Test
  void a_paused_run_finishes_its_step_and_waits_for_a_word() {
    CountDownLatch go = holding("stop");
    WorkflowStub run = stage.start(plan(safe("stop", "stop"), safe("start", "start")));
    stage.until(run, s -> stage.actions().contains("stop"));
    assertThrows(WorkflowUpdateException.class, () -> decide(run, "", "continue", "ada"));
    decide(run, "", "pause", "ada");
    assertThrows(WorkflowUpdateException.class, () -> decide(run, "", "pause", "bob"));
    go.countDown();
    RunStatus waiting = stage.untilWaiting(run, "");
    assertEquals(WaitingFor.PAUSE, waiting.waiting().get(0).reason());
    assertEquals(List.of("stop", "continue"), waiting.waiting().get(0).choices());
    assertEquals(RunState.WAITING, waiting.state());
    assertEquals(StepState.DONE, step(waiting, "stop").state());
    assertEquals(StepState.PENDING, step(waiting, "start").state());
    stage.sameInHistory(run);
    decide(run, "", "continue", "ada");
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(List.of("stop", "start"), stage.actions());
    stage.sameInHistory(run);
  }

  @Test
  void a_paused_run_can_be_stopped_or_taken_back() {
    CountDownLatch go = holding("stop");
    WorkflowStub run =
        stage.start(plan(undo(safe("stop", "stop"), "unstop", "{}"), safe("start", "start")));
    stage.until(run, s -> stage.actions().contains("stop"));
    decide(run, "", "pause", "ada");
    go.countDown();
    assertEquals(
        List.of("stop", "continue", "undo"),
        stage.untilWaiting(run, "").waiting().get(0).choices());
    decide(run, "", "undo", "ada");
    assertEquals(RunState.UNDONE, Stage.result(run).state());
    stage.sameInHistory(run);
  }

  @Test
  void a_pause_holds_the_child_runbook_too() {
    CountDownLatch go = holding("inner");
    WorkflowStub run =
        stage.start(
            plan(
                Sketch.step(
                    "part",
                    new PlannedStep.CallRunbook(
                        plan(safe("inner", "inner"), safe("more", "more")), json("{}")))));
    stage.until(run, s -> stage.actions().contains("inner"));
    decide(run, "", "pause", "ada");
    WorkflowStub child =
        stage.client().newUntypedWorkflowStub(run.getExecution().getWorkflowId() + "/part");
    stage.until(child, s -> stage.timeline(child).entries().toString().contains("`pause`"));
    go.countDown();
    stage.until(child, s -> step(s, "inner").state() == StepState.DONE);
    assertEquals(List.of("inner"), stage.actions());
    decide(run, "", "continue", "ada");
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(List.of("inner", "more"), stage.actions());
    stage.sameInHistory(run);
  }

  @Test
  void step_by_step_each_step_is_asked_about_before_it_begins() throws Exception {
    WorkflowStub run =
        stage.client().newUntypedWorkflowStub("backout/shop", Optional.empty(), Optional.empty());
    var execution =
        stage.starter.start(
            new RunRequest(
                    plan(safe("stop", "stop"), safe("tell", "tell"), safe("start", "start")),
                    "ada",
                    null,
                    null,
                    false)
                .withStepByStep(true));
    assertEquals("backout/shop", execution.getWorkflowId());
    RunStatus waiting = stage.untilWaiting(run, "stop");
    assertEquals(WaitingFor.STEP, waiting.waiting().get(0).reason());
    assertEquals(List.of(), stage.actions());
    decide(run, "stop", "continue", "ada");
    stage.untilWaiting(run, "tell");
    decide(run, "tell", "skip", "ada");
    stage.untilWaiting(run, "start");
    assertEquals(List.of("stop"), stage.actions());
    decide(run, "start", "stop", "ada");
    assertEquals(RunState.STOPPED, Stage.result(run).state());
    RunStatus status =
        stage
            .timeline(
                stage
                    .client()
                    .newUntypedWorkflowStub(
                        execution.getWorkflowId(),
                        Optional.of(execution.getRunId()),
                        Optional.empty()))
            .status();
    assertEquals(StepState.DONE, step(status, "stop").state());
    assertEquals(StepState.SKIPPED, step(status, "tell").state());
    assertEquals(StepState.PENDING, step(status, "start").state());
  }

  @Test
  void a_stop_at_once_interrupts_the_step_and_leaves_in_doubt_what_may_have_happened() {
    untilCancelled("downgrade");
    WorkflowStub run =
        stage.start(
            Sketch.lastly(
                plan(safe("stop", "stop"), never("downgrade", "downgrade"), safe("next", "next")),
                safe("tell", "tell")));
    stage.until(run, s -> stage.actions().contains("downgrade"));
    decide(run, "", "stop-now", "ada");
    RunResult result = Stage.result(run);
    assertEquals(RunState.STOPPED, result.state());
    assertEquals("Stopped at once by ada: because stop-now", result.outcome());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(StepState.IN_DOUBT, step(status, "downgrade").state());
    assertTrue(step(status, "downgrade").failure().contains("cancelled in the middle"));
    assertEquals(List.of("stop", "downgrade", "tell"), stage.actions());
  }

  @Test
  void a_stop_at_once_interrupts_a_child_runbook_and_what_waits() {
    untilCancelled("inner");
    WorkflowStub run =
        stage.start(
            plan(
                Sketch.step(
                    "part", new PlannedStep.CallRunbook(plan(safe("inner", "inner")), json("{}"))),
                safe("next", "next")));
    stage.until(run, s -> stage.actions().contains("inner"));
    decide(run, "", "stop-now", "ada");
    assertEquals(RunState.STOPPED, Stage.result(run).state());
    assertEquals(List.of("inner"), stage.actions());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(StepState.FAILED, step(status, "part").state(), status.toString());
  }

  @Test
  void a_stop_at_once_ends_the_taking_back_too() {
    untilCancelled("unstop");
    stage.fails("check", "PERMANENT", "No.");
    WorkflowStub run =
        stage.start(
            plan(
                undo(safe("stop", "stop"), "unstop", "{}"),
                Sketch.onFailure(safe("check", "check"), PlannedStep.OnFailure.UNDO)));
    stage.until(run, s -> stage.actions().contains("unstop"));
    decide(run, "", "stop-now", "ada");
    RunResult result = Stage.result(run);
    assertEquals(RunState.FAILED, result.state());
    assertTrue(result.outcome().contains("0 of 1 steps were taken back"), result.outcome());
    stage.sameInHistory(run);
  }
}
