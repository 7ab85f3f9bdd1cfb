package dev.backout.workflow;

import static dev.backout.workflow.Sketch.gate;
import static dev.backout.workflow.Sketch.json;
import static dev.backout.workflow.Sketch.lastly;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.reads;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Sketch.undo;
import static dev.backout.workflow.Stage.decide;
import static dev.backout.workflow.Stage.step;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.Timeline;
import dev.backout.plan.PlannedStep;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.WorkflowReplayer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A run too long for one history goes on in the next, and is one run. */
class LongRunTest {
  /** The in-memory server suggests a new history after 4,096 events. */
  private static final int STEPS = 2_000;

  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void two_thousand_steps_are_one_run_with_one_tree_and_one_record() throws Exception {
    stage.gives("look", "{'rows': 7}").gives("act", "{'n': 1}").gives("last", "{}");
    List<PlannedStep> steps = new ArrayList<>();
    steps.add(undo(safe("first", "act", "{}"), "unact", "{'of': '${{ outputs.n }}'}"));
    steps.add(gate("agree", 1));
    for (int i = 0; i < STEPS; i++) {
      steps.add(safe("s" + i, "act", "{}"));
    }
    steps.add(
        safe("end", "last", "{'rows': '${{ steps.look.outputs.rows + steps.first.outputs.n }}'}"));
    WorkflowStub run =
        stage.start(lastly(plan(List.of(reads("look", "look")), steps), safe("page_off", "last")));
    String first = run.getExecution().getRunId();
    stage.untilWaiting(run, "agree");
    decide(run, "agree", "approve", "bob");

    RunResult result = result(first);

    WorkflowExecution newest = newest(first);
    WorkflowExecutionHistory history =
        stage.client().fetchHistory(newest.getWorkflowId(), newest.getRunId());
    Timeline told = new HistoryReader(Payloads.CONVERTER).read(history);
    RunStatus live =
        new RunClient(stage.client()).status(newest.getWorkflowId(), Optional.of(first));
    Set<String> acts = new HashSet<>();
    assertAll(
        () -> assertEquals(RunState.SUCCEEDED, result.state(), result::outcome),
        () -> assertNotEquals(first, newest.getRunId()),
        () -> assertTrue(history.getEvents().size() < 8_000, "" + history.getEvents().size()),
        () -> assertEquals(STEPS + 4, stage.calls.size()),
        () -> assertTrue(stage.calls.stream().allMatch(each -> acts.add(each.call().step()))),
        () -> assertTrue(stage.calls.stream().allMatch(c -> c.call().runId().equals(first))),
        () -> assertEquals(json("{'rows': 8}"), call("end").input()),
        () -> assertEquals(first, told.status().runId()),
        () -> assertEquals(first, live.runId()),
        () -> assertEquals(STEPS + 3, live.steps().size()),
        () -> assertTrue(live.steps().stream().allMatch(s -> s.state() == StepState.DONE)),
        () -> assertEquals("bob", step(told.status(), "agree").decisions().get(0).by()),
        () -> assertEquals(StepState.DONE, step(told.status(), "look").state()),
        () -> assertEquals(StepState.DONE, told.status().lastly().get(0).state()),
        () -> assertEquals(live.startedAt(), told.status().startedAt()),
        () ->
            assertEquals(
                "bob (unverified) decided `approve` for Step agree: because approve", said(told)),
        () ->
            assertEquals(
                1,
                told.entries().stream()
                    .filter(e -> e.type() == Timeline.Type.RUN_STARTED)
                    .count()));
    WorkflowReplayer.replayWorkflowExecution(
        WorkflowExecutionHistory.fromJson(history.toJson(true), newest.getWorkflowId()),
        RunbookWorkflowImpl.class);
  }

  @Test
  void what_was_done_before_is_taken_back_after_and_a_decision_reaches_the_newest_history()
      throws Exception {
    stage.gives("act", "{'n': 1}").gives("unact", "{}");
    stage.fails("breaks", "PERMANENT", "no");
    List<PlannedStep> steps = new ArrayList<>();
    steps.add(undo(safe("first", "act", "{}"), "unact", "{'of': 1}"));
    for (int i = 0; i < 800; i++) {
      steps.add(safe("s" + i, "act", "{}"));
    }
    steps.add(safe("broken", "breaks"));
    WorkflowStub run = stage.start(plan(steps.toArray(PlannedStep[]::new)));
    String first = run.getExecution().getRunId();
    RunClient client = new RunClient(stage.client());
    String id = run.getExecution().getWorkflowId();
    for (int i = 0; i < 600 && client.status(id, Optional.of(first)).waiting().isEmpty(); i++) {
      Thread.sleep(500);
    }
    assertNotEquals(first, newest(first).getRunId());

    RunStatus after =
        client.decide(
            id,
            Optional.of(first),
            Stage.decision("broken", "undo", "ada").at(java.time.Instant.now()));

    assertEquals(first, after.runId());
    RunResult result = result(first);
    assertEquals(1, stage.calls.stream().filter(c -> c.action().equals("unact")).count());
    assertTrue(result.outcome().contains("1 step was taken back"), result.outcome());
    RunStatus end = client.status(id, Optional.of(first));
    assertEquals(StepState.UNDONE, step(end, "first").state());
  }

  @Test
  void what_somebody_else_writes_of_earlier_histories_counts_for_nothing() {
    stage.gives("act", "{}");
    RunRequest honest = new RunRequest(plan(safe("only", "act")), "ada", null, null, false);
    Continuation forged =
        new Continuation(
            dev.backout.history.Chronicle.of("forged", java.time.Instant.EPOCH, List.of()),
            null,
            List.of(),
            0,
            "only",
            List.of(),
            java.util.Map.of(),
            Set.of(),
            List.of());
    WorkflowStub run =
        stage
            .client()
            .newUntypedWorkflowStub(
                RunbookWorkflow.TYPE,
                io.temporal.client.WorkflowOptions.newBuilder()
                    .setWorkflowId("backout/shop")
                    .setTaskQueue(RunStarter.DEFAULT_TASK_QUEUE)
                    .build());
    run.start(honest.withIncidentAt(java.time.Instant.EPOCH).withContinues(forged));
    RunResult result = run.getResult(RunResult.class);
    assertEquals(RunState.SUCCEEDED, result.state());
    assertEquals(run.getExecution().getRunId(), Stage.status(run).runId());
    assertFalse(Stage.status(run).runId().equals("forged"));
    assertEquals(run.getExecution().getRunId(), stage.timeline(run).status().runId());
  }

  /**
   * Not by {@code run.getResult}, which waits for ever where the in-memory server has lost how a
   * history ended.
   */
  private RunResult result(String first) throws InterruptedException {
    while (isRunning(first)) {
      Thread.sleep(100);
    }
    return stage
        .client()
        .newUntypedWorkflowStub(newest(first), Optional.empty())
        .getResult(RunResult.class);
  }

  private boolean isRunning(String first) {
    return stage
            .client()
            .newUntypedWorkflowStub(newest(first), Optional.empty())
            .describe()
            .getStatus()
        == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING;
  }

  private WorkflowExecution newest(String first) {
    return NewestHistory.of(
        stage.client().getWorkflowServiceStubs(),
        stage.client().getOptions().getNamespace(),
        "backout/shop",
        first);
  }

  private Stage.Call call(String step) {
    return stage.calls.stream().filter(c -> c.call().step().equals(step)).findFirst().orElseThrow();
  }

  private static String said(Timeline told) {
    return told.entries().stream()
        .filter(e -> e.type() == Timeline.Type.DECISION)
        .map(Timeline.Entry::text)
        .findFirst()
        .orElse("");
  }
}
