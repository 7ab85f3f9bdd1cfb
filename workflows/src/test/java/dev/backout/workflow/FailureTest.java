package dev.backout.workflow;

import static dev.backout.workflow.Sketch.never;
import static dev.backout.workflow.Sketch.onFailure;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.reads;
import static dev.backout.workflow.Sketch.retried;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Stage.decide;
import static dev.backout.workflow.Stage.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.Timeline;
import dev.backout.plan.PlannedStep.OnFailure;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FailureTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void a_failed_step_waits_and_a_retry_does_it_again() {
    AtomicInteger times = new AtomicInteger();
    stage.does(
        "stop",
        (input, call) -> {
          if (times.incrementAndGet() == 1) {
            throw Stage.failure("PERMANENT", "The port is still taken.");
          }
          return Sketch.json("{}");
        });
    WorkflowStub run = stage.start(plan(safe("stop", "stop"), safe("start", "start")));
    RunStatus waiting = stage.untilWaiting(run, "stop");
    assertEquals(RunState.WAITING, waiting.state());
    assertEquals(StepState.WAITING, step(waiting, "stop").state());
    assertEquals("The port is still taken.", step(waiting, "stop").failure());
    assertEquals(List.of("stop", "retry", "skip"), waiting.waiting().get(0).choices());
    stage.sameInHistory(run);

    decide(run, "stop", "retry", "ada");
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    RunStatus done = stage.sameInHistory(run);
    assertEquals(2, step(done, "stop").attempt());
    assertEquals("because retry", step(done, "stop").decisions().get(0).reason());
    assertEquals(
        List.of(1, 2), stage.calls.stream().limit(2).map(c -> c.call().attempt()).toList());
  }

  @Test
  void a_skipped_step_is_not_done_and_the_run_goes_on() {
    stage.fails("stop", "PERMANENT", "No.");
    WorkflowStub run =
        stage.start(
            plan(safe("stop", "stop"), Sketch.when(safe("start", "start"), "!steps.stop.done")));
    stage.untilWaiting(run, "stop");
    decide(run, "stop", "skip", "ada");
    assertEquals("1 step done, 1 skipped.", Stage.result(run).outcome());
    assertEquals("skipped by ada: because skip", step(stage.sameInHistory(run), "stop").failure());
  }

  @Test
  void a_stop_ends_the_run_there() {
    stage.fails("stop", "PERMANENT", "No.");
    WorkflowStub run = stage.start(plan(safe("stop", "stop"), safe("start", "start")));
    stage.untilWaiting(run, "stop");
    decide(run, "stop", "stop", "ada");
    RunResult result = Stage.result(run);
    assertEquals(RunState.STOPPED, result.state());
    assertEquals("Stopped by ada: because stop", result.outcome());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(StepState.FAILED, step(status, "stop").state());
    assertEquals(StepState.PENDING, step(status, "start").state());
  }

  @Test
  void what_is_safe_to_repeat_is_tried_again_and_then_asked_about() {
    stage.fails("restart", "TRANSIENT", "Connection refused.");
    WorkflowStub run = stage.start(plan(retried(safe("restart", "restart"), 3)));
    stage.sleep(java.time.Duration.ofSeconds(20));
    RunStatus waiting = stage.untilWaiting(run, "restart");
    assertEquals(3, step(waiting, "restart").attempt());
    assertEquals(3, stage.calls.size());
    stage.sameInHistory(run);
    assertEquals(
        2,
        stage.timeline(run).entries().stream()
            .filter(e -> e.type() == Timeline.Type.RETRYING)
            .count());
  }

  @Test
  void what_must_not_be_repeated_is_tried_once_even_if_it_may_pass() {
    stage.fails("downgrade", "TRANSIENT", "Connection refused.");
    WorkflowStub run = stage.start(plan(retried(never("downgrade", "downgrade"), 3)));
    RunStatus waiting = stage.untilWaiting(run, "downgrade");
    assertEquals(WaitingFor.FAILURE, waiting.waiting().get(0).reason());
    assertEquals(1, stage.calls.size());
  }

  @Test
  void an_unknown_outcome_leaves_the_step_in_doubt() {
    stage.fails("downgrade", "UNKNOWN_OUTCOME", "The connection broke at COMMIT.");
    WorkflowStub run = stage.start(plan(never("downgrade", "downgrade"), safe("next", "next")));
    RunStatus waiting = stage.untilWaiting(run, "downgrade");
    assertEquals(StepState.IN_DOUBT, step(waiting, "downgrade").state());
    assertEquals(WaitingFor.DOUBT, waiting.waiting().get(0).reason());
    assertEquals(List.of("stop", "skip", "retry", "done"), waiting.waiting().get(0).choices());
    assertTrue(waiting.waiting().get(0).question().contains("`done` if it has happened"));
    stage.sameInHistory(run);
    decide(run, "downgrade", "skip", "ada");
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(List.of("downgrade", "next"), stage.actions());
    stage.sameInHistory(run);
  }

  @Test
  void a_worker_lost_in_an_act_that_must_not_be_repeated_leaves_it_in_doubt() {
    stage.does(
        "downgrade",
        (input, call) -> {
          io.temporal.activity.Activity.getExecutionContext().doNotCompleteOnReturn();
          return null;
        });
    WorkflowStub run = stage.start(plan(never("downgrade", "downgrade")));
    stage.until(run, s -> !stage.calls.isEmpty());
    stage.sleep(Actions.HEARTBEAT_TIMEOUT.plusSeconds(5));
    RunStatus waiting = stage.untilWaiting(run, "downgrade");
    assertEquals(StepState.IN_DOUBT, step(waiting, "downgrade").state());
    assertTrue(step(waiting, "downgrade").failure().startsWith("The worker was lost"));
    assertEquals(1, stage.calls.size());
    stage.sameInHistory(run);
    decide(run, "downgrade", "stop", "ada");
    assertEquals(RunState.STOPPED, Stage.result(run).state());
    assertEquals(StepState.IN_DOUBT, step(stage.sameInHistory(run), "downgrade").state());
  }

  @Test
  void a_step_that_may_fail_is_passed_over() {
    stage.fails("notify", "PERMANENT", "No such channel.");
    WorkflowStub run =
        stage.start(
            plan(onFailure(safe("notify", "notify"), OnFailure.CONTINUE), safe("next", "next")));
    assertEquals("1 step done, 1 failed and passed over.", Stage.result(run).outcome());
    stage.sameInHistory(run);
  }

  @Test
  void a_step_that_must_not_fail_ends_the_run() {
    stage.fails("check", "PERMANENT", "Rows are missing.");
    WorkflowStub run =
        stage.start(plan(onFailure(safe("check", "check"), OnFailure.STOP), safe("next", "next")));
    RunResult result = Stage.result(run);
    assertEquals(RunState.FAILED, result.state());
    assertEquals("`check` failed: Rows are missing.", result.outcome());
    stage.sameInHistory(run);
  }

  @Test
  void a_failed_expectation_is_a_failed_step() {
    stage.gives("restore", "{'rows': 2}");
    WorkflowStub run =
        stage.start(plan(Sketch.expecting(safe("restore", "restore"), "outputs.rows > 2")));
    RunStatus waiting = stage.untilWaiting(run, "restore");
    assertEquals(
        "It was done, but `outputs.rows > 2` does not hold: rows is 2.",
        step(waiting, "restore").failure());
    stage.sameInHistory(run);
    assertTrue(
        stage.timeline(run).entries().stream().noneMatch(e -> e.type() == Timeline.Type.STEP_DONE));
  }

  @Test
  void an_input_that_has_no_value_is_a_failed_step_and_nothing_is_done() {
    WorkflowStub run =
        stage.start(plan(safe("restore", "restore", "{'from': '${{ steps.none.outputs.x }}'}")));
    RunStatus waiting = stage.untilWaiting(run, "restore");
    assertTrue(step(waiting, "restore").failure().contains("`none`"), waiting.toString());
    assertEquals(List.of(), stage.actions());
    stage.sameInHistory(run);
  }

  @Test
  void a_preflight_reports_all_that_does_not_hold_before_anything_is_touched() {
    stage.fails("disk", "PERMANENT", "3 MiB are free.").fails("ping", "PERMANENT", "No answer.");
    WorkflowStub run =
        stage.start(
            plan(
                List.of(reads("disk", "disk"), reads("ping", "ping")),
                List.of(safe("stop", "stop"))));
    RunStatus waiting = stage.untilWaiting(run, "preflight");
    String question = waiting.waiting().get(0).question();
    assertTrue(question.contains("3 MiB are free.") && question.contains("No answer."), question);
    assertEquals(List.of("stop", "retry"), waiting.waiting().get(0).choices());
    stage.sameInHistory(run);

    stage.gives("disk", "{}").gives("ping", "{}");
    decide(run, "preflight", "retry", "ada");
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(List.of("disk", "ping", "disk", "ping", "stop"), stage.actions());
    stage.sameInHistory(run);
  }
}
