package dev.backout.workflow;

import static dev.backout.workflow.Sketch.budgeted;
import static dev.backout.workflow.Sketch.gate;
import static dev.backout.workflow.Sketch.never;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Stage.decide;
import static dev.backout.workflow.Stage.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.Timeline;
import dev.backout.history.Timeline.Objective;
import dev.backout.plan.PlannedStep;
import io.temporal.activity.Activity;
import io.temporal.client.ActivityCanceledException;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EndTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  private static Object untilCancelled() throws Exception {
    while (true) {
      Thread.sleep(50);
      try {
        Activity.getExecutionContext().heartbeat("alive");
      } catch (ActivityCanceledException e) {
        throw e;
      }
    }
  }

  @Test
  void a_cancelled_run_cancels_the_step_under_way_and_says_so() {
    stage.does("long", (input, call) -> untilCancelled());
    WorkflowStub run = stage.start(plan(safe("long", "long"), safe("next", "next")));
    stage.until(run, s -> !stage.calls.isEmpty());
    run.cancel();
    assertThrows(WorkflowFailedException.class, () -> Stage.result(run));
    RunStatus status = stage.sameInHistory(run);
    assertEquals(RunState.CANCELLED, status.state());
    assertEquals("Cancelled by a Temporal client.", status.outcome());
    assertEquals("It was cancelled.", step(status, "long").failure());
    assertEquals(StepState.PENDING, step(status, "next").state());
  }

  @Test
  void a_run_cancelled_at_a_gate_does_not_open_it() {
    WorkflowStub run = stage.start(plan(gate("agree", 1), safe("next", "next")));
    stage.untilWaiting(run, "agree");
    run.cancel();
    assertThrows(WorkflowFailedException.class, () -> Stage.result(run));
    RunStatus status = stage.sameInHistory(run);
    assertEquals(StepState.FAILED, step(status, "agree").state());
    assertEquals(List.of(), status.waiting());
    assertEquals(List.of(), stage.actions());
  }

  @Test
  void a_cancelled_run_cancels_its_child() {
    stage.does("long", (input, call) -> untilCancelled());
    WorkflowStub run =
        stage.start(
            plan(
                Sketch.step(
                    "child",
                    new PlannedStep.CallRunbook(plan(safe("long", "long")), Sketch.json("{}")))));
    stage.until(run, s -> !stage.calls.isEmpty());
    run.cancel();
    assertThrows(WorkflowFailedException.class, () -> Stage.result(run));
    RunStatus status = stage.sameInHistory(run);
    assertEquals("It was cancelled.", step(status, "child").failure());
  }

  @Test
  void a_terminated_run_leaves_in_doubt_what_was_under_way() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    stage.does(
        "downgrade",
        (input, call) -> {
          never.await();
          return null;
        });
    WorkflowStub run = stage.start(plan(never("downgrade", "downgrade")));
    stage.until(run, s -> !stage.calls.isEmpty());
    run.terminate("wrong database");
    RunStatus status = stage.timeline(run).status();
    never.countDown();
    assertEquals(RunState.TERMINATED, status.state());
    assertTrue(status.outcome().endsWith(": wrong database"), status.outcome());
    assertEquals(StepState.IN_DOUBT, step(status, "downgrade").state());
  }

  @Test
  void a_record_that_breaks_off_is_interrupted_if_the_reader_knows_so() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    stage.does(
        "restore",
        (input, call) -> {
          go.await();
          return null;
        });
    WorkflowStub run = stage.start(plan(safe("stop", "stop"), safe("restore", "restore")));
    stage.until(run, s -> stage.calls.size() == 2);
    WorkflowExecutionHistory half = stage.history(run);
    go.countDown();
    HistoryReader reader = new HistoryReader(Payloads.CONVERTER);
    assertEquals(RunState.RUNNING, reader.read(half).status().state());
    RunStatus status = reader.read(half, Map.of(), true).status();
    assertEquals(RunState.INTERRUPTED, status.state());
    assertEquals(StepState.DONE, step(status, "stop").state());
    assertEquals(StepState.IN_DOUBT, step(status, "restore").state());
  }

  @Test
  void a_history_that_went_through_JSON_tells_the_same() {
    WorkflowStub run = stage.start(plan(safe("stop", "stop")));
    RunResult ignored = Stage.result(run);
    WorkflowExecutionHistory there = stage.history(run);
    WorkflowExecutionHistory back =
        WorkflowExecutionHistory.fromJson(
            there.toJson(false), there.getWorkflowExecution().getWorkflowId());
    HistoryReader reader = new HistoryReader(Payloads.CONVERTER);
    assertEquals(reader.read(there), reader.read(back));
    WorkflowExecutionHistory nameless = WorkflowExecutionHistory.fromJson(there.toJson(false));
    assertEquals("backout/shop", reader.read(nameless).status().workflowId());
  }

  @Test
  void a_step_over_its_budget_is_said_and_goes_on() {
    CountDownLatch go = new CountDownLatch(1);
    stage.does(
        "slow",
        (input, call) -> {
          go.await();
          return null;
        });
    WorkflowStub run =
        stage.start(
            Sketch.with(
                plan(budgeted(safe("slow", "slow"), Duration.ofSeconds(1))), Map.of(), null));
    stage.until(run, s -> !stage.calls.isEmpty());
    stage.until(
        run,
        s ->
            stage.timeline(run).entries().stream()
                .anyMatch(e -> e.type() == Timeline.Type.OVER_BUDGET));
    go.countDown();
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    stage.sameInHistory(run);
  }

  @Test
  void an_objective_that_the_budgets_do_not_fit_is_at_risk() {
    WorkflowStub run =
        stage.start(
            Sketch.with(
                plan(budgeted(safe("slow", "slow"), Duration.ofMinutes(2)), safe("more", "more")),
                Map.of(),
                Duration.ofMinutes(1)));
    RunResult ignored = Stage.result(run);
    List<Timeline.Entry> risks =
        stage.timeline(run).entries().stream()
            .filter(e -> e.type() == Timeline.Type.OBJECTIVE_AT_RISK)
            .toList();
    assertEquals(1, risks.size());
    assertTrue(risks.get(0).text().startsWith("The steps to come have budgets of 2m"));
  }

  @Test
  void an_objective_that_passes_while_somebody_is_asked_is_said_then() {
    WorkflowStub run =
        stage.start(
            Sketch.with(plan(gate("agree", 1, "group:managers")), Map.of(), Duration.ofMinutes(7)));
    RunResult ignored = Stage.result(run);
    List<Timeline.Type> types =
        stage.timeline(run).entries().stream().map(Timeline.Entry::type).toList();
    assertTrue(
        types.indexOf(Timeline.Type.OBJECTIVE_AT_RISK) > types.indexOf(Timeline.Type.ESCALATED)
            && types.indexOf(Timeline.Type.OBJECTIVE_AT_RISK)
                < types.indexOf(Timeline.Type.RUN_FINISHED),
        types.toString());
  }

  @Test
  void objectives_are_met_or_missed() {
    stage.does(
        "restore",
        (input, call) ->
            Sketch.json("{'dataAsOf': '" + java.time.Instant.now().minusSeconds(7230) + "'}"));
    WorkflowStub run = stage.start(plan(safe("restore", "restore")));
    RunResult ignored = Stage.result(run);
    List<Objective> objectives = stage.timeline(run).objectives();
    assertEquals(List.of("RTO", "RPO"), objectives.stream().map(Objective::name).toList());
    assertEquals(true, objectives.get(0).met());
    assertEquals(false, objectives.get(1).met());
    assertEquals(2, objectives.get(1).actual().toHours(), objectives.toString());
  }

  @Test
  void a_run_that_goes_on_has_no_objective_met_yet() {
    WorkflowStub run = stage.start(plan(gate("agree", 1)));
    stage.untilWaiting(run, "agree");
    Objective rto = stage.timeline(run).objectives().get(0);
    assertNull(rto.met());
    decide(run, "agree", "approve", "ada");
    RunResult ignored = Stage.result(run);
  }

  @Test
  void a_target_has_one_run_at_a_time_and_the_second_is_told_whose_it_is() {
    WorkflowStub run = stage.start(plan(gate("agree", 1)));
    stage.untilWaiting(run, "agree");
    TargetHeldException e =
        assertThrows(
            TargetHeldException.class,
            () -> stage.starter.start(new RunRequest(plan(), "bob", null, null, false)));
    assertEquals("sketch", e.runbook());
    assertEquals(run.getExecution().getRunId(), e.runId());
    assertEquals("ada", e.startedBy());
    assertTrue(e.getMessage().startsWith("The target `shop` is held by a run of `sketch`"));
    decide(run, "agree", "approve", "ada");
    RunResult ignored = Stage.result(run);
  }
}
