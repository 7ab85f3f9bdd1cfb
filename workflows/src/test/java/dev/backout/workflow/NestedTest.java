package dev.backout.workflow;

import static dev.backout.workflow.Sketch.each;
import static dev.backout.workflow.Sketch.json;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.reads;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Stage.decide;
import static dev.backout.workflow.Stage.decision;
import static dev.backout.workflow.Stage.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.Timeline;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NestedTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  private static PlannedStep both() {
    Map<String, List<PlannedStep>> branches = new LinkedHashMap<>();
    branches.put("api", List.of(safe("stop_api", "stop"), safe("drain_api", "drain")));
    branches.put("jobs", List.of(safe("stop_jobs", "break"), safe("drain_jobs", "drain")));
    return Sketch.step("both", new PlannedStep.Parallel(branches));
  }

  @Test
  void a_branch_that_fails_does_not_hold_up_the_other() {
    stage.fails("break", "PERMANENT", "No.");
    WorkflowStub run =
        stage.start(plan(both(), safe("next", "next", "{'x': '${{ steps.drain_api.done }}'}")));
    RunStatus waiting =
        stage.until(
            run,
            s -> !s.waiting().isEmpty() && step(s, "both/api/drain_api").state() == StepState.DONE);
    assertEquals("both/jobs/stop_jobs", waiting.waiting().get(0).step());
    assertEquals(StepState.DONE, step(waiting, "both/api").state());
    assertEquals(StepState.WAITING, step(waiting, "both/jobs").state());
    assertEquals(StepState.RUNNING, step(waiting, "both").state());
    stage.sameInHistory(run);
    decide(run, "both/jobs/stop_jobs", "skip", "ada");
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(json("{'x': true}"), stage.calls.get(stage.calls.size() - 1).input());
    stage.sameInHistory(run);
  }

  @Test
  void a_stop_releases_what_waits_in_every_branch() {
    stage.fails("break", "PERMANENT", "No.").fails("stop", "PERMANENT", "Neither.");
    WorkflowStub run = stage.start(plan(both(), safe("next", "next")));
    stage.until(run, s -> s.waiting().size() == 2);
    decide(run, "both/jobs/stop_jobs", "stop", "ada");
    assertEquals(RunState.STOPPED, Stage.result(run).state());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(StepState.FAILED, step(status, "both/api/stop_api").state());
    assertEquals(StepState.FAILED, step(status, "both").state());
  }

  @Test
  void each_runs_no_more_elements_at_a_time_than_it_may() {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    stage.does(
        "restart",
        (input, call) -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          Thread.sleep(30);
          now.decrementAndGet();
          return json("{}");
        });
    WorkflowStub run =
        stage.start(
            plan(
                each(
                    "all",
                    "['a', 'b', 'c', 'd', 'e', 'f', 'g']",
                    3,
                    safe("restart", "restart", "{'service': '${{ it }}'}"))));
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(3, most.get());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(7, step(status, "all").children().size());
    assertEquals("b", step(status, "all[2]").name());
    assertEquals(StepState.DONE, step(status, "all[7]/restart").state());
  }

  @Test
  void a_wait_asks_until_it_holds() {
    AtomicInteger times = new AtomicInteger();
    stage.does(
        "ping",
        (input, call) -> {
          int time = times.incrementAndGet();
          if (time == 1) {
            throw Stage.failure("TRANSIENT", "No answer.");
          }
          return json("{'ready': " + (time == 3) + "}");
        });
    WorkflowStub run = stage.start(plan(Sketch.waits("ready", "ping", "outputs.ready")));
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(3, step(status, "ready").attempt());
    assertEquals(json("{'ready': true}"), step(status, "ready").outputs());
  }

  @Test
  void a_wait_that_never_holds_asks_a_person() {
    stage.gives("ping", "{'ready': false}");
    WorkflowStub run = stage.start(plan(Sketch.waits("ready", "ping", "outputs.ready")));
    stage.sleep(java.time.Duration.ofMinutes(11));
    RunStatus waiting = stage.untilWaiting(run, "ready");
    assertEquals(
        "It did not come true within 10m; last, `outputs.ready` did not hold.",
        step(waiting, "ready").failure());
    stage.sameInHistory(run);
  }

  private static ExecutionPlan child(PlannedStep... steps) {
    return Sketch.with(
        plan(List.of(reads("look", "look")), List.of(steps)),
        Map.of("answer", "steps.smoke.outputs.answer"),
        null);
  }

  private static PlannedStep calls(ExecutionPlan child) {
    return Sketch.step(
        "validate", new PlannedStep.CallRunbook(child, json("{'home': '${{ inputs.home }}/x'}")));
  }

  @Test
  void a_child_runbook_has_a_history_of_its_own_and_gives_its_outputs() {
    stage.gives("smoke", "{'answer': 42}");
    WorkflowStub run =
        stage.start(
            plan(
                calls(child(safe("smoke", "smoke", "{'at': '${{ inputs.home }}'}"))),
                safe("next", "next", "{'x': '${{ steps.validate.outputs.answer }}'}")));
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(List.of("look", "smoke", "next"), stage.actions());
    assertEquals(json("{'at': '/srv/shop/x'}"), stage.calls.get(1).input());
    assertEquals(json("{'x': 42}"), stage.calls.get(2).input());
    stage.sameInHistory(run);

    String childId = run.getExecution().getWorkflowId() + "/validate";
    WorkflowExecutionHistory child = stage.client().fetchHistory(childId);
    Timeline whole =
        new HistoryReader(Payloads.CONVERTER)
            .read(stage.history(run), Map.of(childId, child), false);
    assertEquals(StepState.DONE, step(whole.status(), "validate/smoke").state());
    assertTrue(
        whole.entries().stream().anyMatch(e -> "validate/look".equals(e.step())),
        whole.entries().toString());
  }

  @Test
  void what_waits_in_a_child_is_decided_by_its_path_in_the_whole() throws Exception {
    stage.fails("smoke", "PERMANENT", "Wrong body.");
    WorkflowStub run = stage.start(plan(calls(child(safe("smoke", "smoke")))));
    RunClient client = new RunClient(stage.client());
    String id = run.getExecution().getWorkflowId();
    RunStatus waiting = client.status(id, Optional.empty());
    for (int i = 0; i < 400 && waiting.waiting().isEmpty(); i++) {
      Thread.sleep(25);
      waiting = client.status(id, Optional.empty());
    }
    assertEquals("validate/smoke", waiting.waiting().get(0).step());
    assertEquals(RunState.WAITING, waiting.state());
    assertThrows(
        RunClient.RefusedException.class,
        () ->
            client.decide(
                id,
                Optional.empty(),
                decision("validate/smoke", "approve", "ada").at(Instant.now())));
    stage.gives("smoke", "{'answer': 1}");
    RunStatus ignored =
        client.decide(
            id, Optional.empty(), decision("validate/smoke", "retry", "ada").at(Instant.now()));
    RunResult result = Stage.result(run);
    assertEquals(RunState.SUCCEEDED, result.state());
    stage.sameInHistory(run);
  }

  @Test
  void a_stop_within_a_child_stops_the_whole_run_and_nobody_is_asked_again() throws Exception {
    stage.fails("smoke", "PERMANENT", "Wrong body.");
    WorkflowStub run =
        stage.start(plan(calls(child(safe("smoke", "smoke"))), safe("next", "next")));
    String id = run.getExecution().getWorkflowId();
    WorkflowStub child = untilItWaits(id + "/validate", "smoke");
    decide(child, "smoke", "stop", "ada");
    RunResult result = Stage.result(run);
    assertEquals(RunState.STOPPED, result.state());
    assertEquals("Stopped by ada: because stop", result.outcome());
    assertEquals("ada", result.by());
    assertEquals(List.of("look", "smoke"), stage.actions());
    assertEquals(StepState.FAILED, step(stage.sameInHistory(run), "validate").state());
  }

  @Test
  void a_child_that_nobody_let_through_its_gate_stops_the_whole_run() {
    RunResult result = stage.run(plan(calls(child(Sketch.gate("agree", 1))), safe("next", "n")));
    assertEquals(RunState.STOPPED, result.state());
    assertEquals("`agree`: nobody decided in time.", result.outcome());
    assertEquals(null, result.by());
  }

  /** A child has no run of its own to ask for before its parent has started it. */
  private WorkflowStub untilItWaits(String workflowId, String step) throws Exception {
    WorkflowStub child = stage.client().newUntypedWorkflowStub(workflowId);
    for (int i = 0; i < 400; i++) {
      try {
        stage.untilWaiting(child, step);
        return child;
      } catch (io.temporal.client.WorkflowNotFoundException e) {
        Thread.sleep(25);
      }
    }
    throw new AssertionError(workflowId + " never began");
  }

  @Test
  void a_stop_of_the_run_stops_its_child_after_the_step_under_way() throws Exception {
    java.util.concurrent.CountDownLatch go = new java.util.concurrent.CountDownLatch(1);
    stage.does(
        "smoke",
        (input, call) -> {
          go.await();
          return json("{}");
        });
    WorkflowStub run =
        stage.start(plan(calls(child(safe("smoke", "smoke"), safe("more", "more")))));
    stage.until(run, s -> stage.actions().contains("smoke"));
    decide(run, "", "stop", "ada");
    go.countDown();
    assertEquals(RunState.STOPPED, Stage.result(run).state());
    assertEquals(List.of("look", "smoke"), stage.actions());
    stage.sameInHistory(run);
  }

  @Test
  void a_thousand_steps_run_and_are_told() {
    PlannedStep[] steps = new PlannedStep[1000];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = safe("s" + i, "act");
    }
    WorkflowStub run = stage.start(plan(steps));
    assertEquals("1000 steps done.", Stage.result(run).outcome());
    assertEquals(1000, stage.calls.size());
    stage.sameInHistory(run);
  }
}
