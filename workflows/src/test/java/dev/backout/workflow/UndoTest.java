package dev.backout.workflow;

import static dev.backout.workflow.Sketch.copies;
import static dev.backout.workflow.Sketch.each;
import static dev.backout.workflow.Sketch.gate;
import static dev.backout.workflow.Sketch.json;
import static dev.backout.workflow.Sketch.never;
import static dev.backout.workflow.Sketch.onFailure;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.reads;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Sketch.undo;
import static dev.backout.workflow.Stage.decide;
import static dev.backout.workflow.Stage.decision;
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
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.Timeline;
import dev.backout.history.UndoPlan.WouldUndo;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.OnFailure;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UndoTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  private static PlannedStep back(String id) {
    return undo(safe(id, id), "un" + id, "{}");
  }

  private static List<String> undone(RunStatus status) {
    return status.undo().stream().map(step -> step.path() + " " + step.state()).toList();
  }

  @Test
  void what_was_done_is_taken_back_last_first_with_what_each_step_gave() {
    stage.gives("stop", "{'pid': 7}").gives("configure", "{'former': '.env.1'}");
    stage.fails("start", "PERMANENT", "The port is taken.");
    WorkflowStub run =
        stage.start(
            plan(
                undo(safe("stop", "stop"), "start_again", "{'pid': '${{ outputs.pid }}'}"),
                undo(
                    safe("configure", "configure"),
                    "put_back",
                    "{'file': '${{ outputs.former }}', 'pid': '${{ steps.stop.outputs.pid }}',"
                        + " 'own': '${{ steps.configure.outputs.former }}',"
                        + " 'home': '${{ inputs.home }}'}"),
                undo(safe("start", "start"), "never_run", "{}")));
    RunStatus waiting = stage.untilWaiting(run, "start");
    Waiting question = waiting.waiting().get(0);
    assertEquals(List.of("stop", "retry", "skip", "undo"), question.choices());
    assertEquals(
        List.of(
            new WouldUndo("configure", "Undo of Step configure", "put_back", null),
            new WouldUndo("stop", "Undo of Step stop", "start_again", null)),
        question.undo());
    assertEquals(List.of(), waiting.undo());
    stage.sameInHistory(run);

    decide(run, "start", "undo", "ada");
    RunResult result = Stage.result(run);
    assertEquals(RunState.UNDONE, result.state());
    assertEquals(
        "Undo was decided by ada: because undo. 2 steps were taken back.", result.outcome());
    assertEquals(List.of("stop", "configure", "start", "put_back", "start_again"), stage.actions());
    assertEquals(
        json("{'file': '.env.1', 'pid': 7, 'own': '.env.1', 'home': '/srv/shop'}"),
        stage.calls.get(3).input());
    assertEquals(json("{'pid': 7}"), stage.calls.get(4).input());
    assertEquals("undo:configure", stage.calls.get(3).call().step());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(List.of("undo:configure DONE", "undo:stop DONE"), undone(status));
    assertEquals(StepState.UNDONE, step(status, "stop").state());
    assertEquals(StepState.FAILED, step(status, "start").state());
    List<Timeline.Type> types =
        stage.timeline(run).entries().stream().map(Timeline.Entry::type).toList();
    assertTrue(types.contains(Timeline.Type.UNDO_STARTED), types.toString());
  }

  @Test
  void an_output_that_looks_like_an_expression_is_not_taken_for_one() {
    stage.gives("stop", "{'said': '${{ inputs.home }}'}").fails("start", "PERMANENT", "No.");
    WorkflowStub run =
        stage.start(
            plan(
                undo(safe("stop", "stop"), "unstop", "{'x': '${{ outputs.said }}'}"),
                onFailure(safe("start", "start"), OnFailure.UNDO)));
    assertEquals(RunState.UNDONE, Stage.result(run).state());
    assertEquals(json("{'x': '${{ inputs.home }}'}"), stage.calls.get(2).input());
  }

  @Test
  void a_step_can_have_all_taken_back_when_it_fails_without_a_question() {
    stage.fails("check", "PERMANENT", "Rows are missing.");
    RunResult result =
        stage.run(
            plan(back("stop"), back("restore"), onFailure(safe("check", "check"), OnFailure.UNDO)));
    assertEquals(RunState.UNDONE, result.state());
    assertEquals("`check` failed: Rows are missing. 2 steps were taken back.", result.outcome());
    assertNull(result.by());
    assertEquals(List.of("stop", "restore", "check", "unrestore", "unstop"), stage.actions());
  }

  @Test
  void where_there_is_nothing_to_take_back_it_is_not_offered() {
    stage.fails("start", "PERMANENT", "No.");
    WorkflowStub run = stage.start(plan(safe("stop", "stop"), safe("start", "start")));
    RunStatus waiting = stage.untilWaiting(run, "start");
    assertEquals(List.of("stop", "retry", "skip"), waiting.waiting().get(0).choices());
    assertEquals(List.of(), waiting.waiting().get(0).undo());
    assertThrows(WorkflowUpdateException.class, () -> decide(run, "start", "undo", "ada"));
  }

  @Test
  void what_has_no_undo_stays_and_the_run_does_not_claim_to_be_undone() {
    stage.fails("start", "PERMANENT", "No.");
    WorkflowStub run =
        stage.start(
            plan(back("stop"), safe("notify", "notify"), reads("look", "look"), back("start")));
    Waiting question = stage.untilWaiting(run, "start").waiting().get(0);
    assertEquals(
        List.of(
            new WouldUndo("stop", "Undo of Step stop", "unstop", null),
            new WouldUndo("notify", "Step notify", null, "Has no undo: it stays.")),
        question.undo());
    decide(run, "start", "undo", "ada");
    RunResult result = Stage.result(run);
    assertEquals(RunState.STOPPED, result.state());
    assertEquals(
        "Undo was decided by ada: because undo. 1 step was taken back; without an undo, and left as"
            + " they are: `notify`.",
        result.outcome());
  }

  @Test
  void a_copy_that_was_made_does_not_keep_a_run_from_being_undone() {
    stage.fails("start", "PERMANENT", "No.");
    WorkflowStub run = stage.start(plan(back("stop"), copies("dump", "dump"), back("start")));
    Waiting question = stage.untilWaiting(run, "start").waiting().get(0);
    assertEquals(
        List.of(new WouldUndo("stop", "Undo of Step stop", "unstop", null)), question.undo());
    decide(run, "start", "undo", "ada");
    assertEquals(RunState.UNDONE, Stage.result(run).state());
  }

  @Test
  void a_step_in_doubt_is_taken_back_only_on_a_persons_word() {
    stage.fails("downgrade", "UNKNOWN_OUTCOME", "The connection broke at COMMIT.");
    WorkflowStub run =
        stage.start(plan(back("stop"), undo(never("downgrade", "downgrade"), "upgrade", "{}")));
    Waiting question = stage.untilWaiting(run, "downgrade").waiting().get(0);
    assertEquals("It may not have happened: you are asked first.", question.undo().get(0).note());
    decide(run, "downgrade", "undo", "ada");
    RunStatus waiting = stage.untilWaiting(run, "undo:downgrade");
    assertEquals(WaitingFor.DOUBT, waiting.waiting().get(0).reason());
    assertEquals(List.of("stop", "skip", "undo"), waiting.waiting().get(0).choices());
    assertEquals(List.of("stop", "downgrade"), stage.actions());
    stage.sameInHistory(run);
    decide(run, "undo:downgrade", "undo", "ada");
    assertEquals(RunState.UNDONE, Stage.result(run).state());
    assertEquals(List.of("stop", "downgrade", "upgrade", "unstop"), stage.actions());
    assertEquals(StepState.UNDONE, step(stage.sameInHistory(run), "downgrade").state());
  }

  @Test
  void a_step_in_doubt_that_is_left_is_said_to_be_left() {
    stage.fails("downgrade", "UNKNOWN_OUTCOME", "The connection broke at COMMIT.");
    WorkflowStub run =
        stage.start(plan(back("stop"), undo(never("downgrade", "downgrade"), "upgrade", "{}")));
    stage.untilWaiting(run, "downgrade");
    decide(run, "downgrade", "undo", "ada");
    stage.untilWaiting(run, "undo:downgrade");
    decide(run, "undo:downgrade", "skip", "ada");
    RunResult result = Stage.result(run);
    assertEquals(RunState.STOPPED, result.state());
    assertTrue(
        result
            .outcome()
            .endsWith("1 of 2 steps were taken back; not done: `Undo of Step downgrade`."),
        result.outcome());
    assertEquals(List.of("stop", "downgrade", "unstop"), stage.actions());
    assertEquals(StepState.IN_DOUBT, step(stage.sameInHistory(run), "downgrade").state());
  }

  @Test
  void an_undo_that_fails_asks_and_can_be_tried_again_skipped_or_stopped() {
    stage.fails("check", "PERMANENT", "No.").fails("unrestore", "PERMANENT", "Disk full.");
    WorkflowStub run =
        stage.start(
            plan(
                back("stop"),
                back("restore"),
                back("configure"),
                onFailure(safe("check", "check"), OnFailure.UNDO)));
    RunStatus waiting = stage.untilWaiting(run, "undo:restore");
    assertEquals(List.of("stop", "retry", "skip"), waiting.waiting().get(0).choices());
    assertEquals(StepState.DONE, step(waiting, "restore").state());
    assertEquals(StepState.UNDONE, step(waiting, "configure").state());
    stage.sameInHistory(run);
    decide(run, "undo:restore", "retry", "ada");
    stage.until(run, s -> !s.waiting().isEmpty() && s.undo().get(1).attempt() == 2);
    decide(run, "undo:restore", "skip", "ada");
    RunResult result = Stage.result(run);
    assertEquals(RunState.FAILED, result.state());
    assertEquals(
        "`check` failed: No. 2 of 3 steps were taken back; not done: `Undo of Step restore`.",
        result.outcome());
    assertEquals(
        List.of("undo:configure DONE", "undo:restore SKIPPED", "undo:stop DONE"),
        undone(stage.sameInHistory(run)));
  }

  @Test
  void a_stop_ends_the_taking_back_where_it_is() {
    stage.fails("check", "PERMANENT", "No.").fails("unrestore", "PERMANENT", "Disk full.");
    WorkflowStub run =
        stage.start(
            plan(back("stop"), back("restore"), onFailure(safe("check", "check"), OnFailure.UNDO)));
    stage.untilWaiting(run, "undo:restore");
    assertThrows(WorkflowUpdateException.class, () -> decide(run, "", "undo", "ada"));
    decide(run, "", "stop", "ada");
    RunResult result = Stage.result(run);
    assertEquals(RunState.FAILED, result.state());
    assertTrue(result.outcome().contains("0 of 2 steps were taken back"), result.outcome());
    assertEquals(
        List.of("undo:restore FAILED", "undo:stop PENDING"), undone(stage.sameInHistory(run)));
  }

  @Test
  void a_cancellation_does_not_stop_the_taking_back() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    stage.fails("check", "PERMANENT", "No.");
    stage.does(
        "unrestore",
        (input, call) -> {
          go.await();
          return json("{}");
        });
    WorkflowStub run =
        stage.start(
            plan(back("stop"), back("restore"), onFailure(safe("check", "check"), OnFailure.UNDO)));
    stage.until(run, s -> stage.actions().contains("unrestore"));
    run.cancel();
    Thread.sleep(200);
    go.countDown();
    assertThrows(io.temporal.client.WorkflowFailedException.class, () -> Stage.result(run));
    RunStatus status = stage.sameInHistory(run);
    assertEquals(RunState.UNDONE, status.state());
    assertEquals(List.of("undo:restore DONE", "undo:stop DONE"), undone(status));
    assertEquals(List.of("stop", "restore", "check", "unrestore", "unstop"), stage.actions());
  }

  @Test
  void a_run_under_way_can_be_taken_back_after_the_step_that_it_is_at() {
    CountDownLatch go = new CountDownLatch(1);
    stage.does(
        "restore",
        (input, call) -> {
          go.await();
          return json("{}");
        });
    WorkflowStub run = stage.start(plan(back("stop"), back("restore"), back("start")));
    stage.until(run, s -> stage.actions().contains("restore"));
    decide(run, "", "undo", "ada");
    go.countDown();
    assertEquals(RunState.UNDONE, Stage.result(run).state());
    assertEquals(List.of("stop", "restore", "unrestore", "unstop"), stage.actions());
    stage.sameInHistory(run);
  }

  @Test
  void an_act_that_happened_and_was_not_as_expected_is_taken_back_too() {
    stage.gives("restore", "{'rows': 2}");
    WorkflowStub run =
        stage.start(plan(Sketch.expecting(back("restore"), "outputs.rows > 2"), back("next")));
    assertEquals(
        "restore", stage.untilWaiting(run, "restore").waiting().get(0).undo().get(0).step());
    decide(run, "restore", "undo", "ada");
    assertEquals(RunState.UNDONE, Stage.result(run).state());
    assertEquals(List.of("restore", "unrestore"), stage.actions());
    assertEquals(StepState.UNDONE, step(stage.sameInHistory(run), "restore").state());
  }

  @Test
  void branches_and_elements_are_taken_back_in_the_reverse_order_of_their_ends() {
    CountDownLatch go = new CountDownLatch(1);
    stage.does(
        "slow",
        (input, call) -> {
          go.await();
          return json("{}");
        });
    stage.fails("check", "PERMANENT", "No.");
    Map<String, List<PlannedStep>> branches = new LinkedHashMap<>();
    branches.put("api", List.of(back("slow")));
    branches.put("jobs", List.of(back("fast")));
    WorkflowStub run =
        stage.start(
            plan(
                Sketch.step("both", new PlannedStep.Parallel(branches)),
                each(
                    "all",
                    "['a', 'b']",
                    1,
                    undo(safe("one", "one"), "unone", "{'on': '${{ it }}'}")),
                onFailure(safe("check", "check"), OnFailure.UNDO)));
    stage.until(run, s -> step(s, "both/jobs/fast").state() == StepState.DONE);
    go.countDown();
    assertEquals(RunState.UNDONE, Stage.result(run).state());
    assertEquals(List.of("unone", "unone", "unslow", "unfast"), stage.actions().subList(5, 9));
    assertEquals(json("{'on': 'b'}"), stage.calls.get(5).input());
    assertEquals("undo:all[2]/one", stage.calls.get(5).call().step());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(StepState.UNDONE, step(status, "both").state());
    assertEquals(StepState.UNDONE, step(status, "all[1]/one").state());
  }

  private static ExecutionPlan child(PlannedStep... steps) {
    return Sketch.with(plan(steps), Map.of(), null);
  }

  private static PlannedStep calls(ExecutionPlan child) {
    return Sketch.step(
        "part", new PlannedStep.CallRunbook(child, json("{'home': '${{ inputs.home }}/x'}")));
  }

  @Test
  void a_child_runbook_that_has_ended_is_taken_back_by_the_run_that_called_it() {
    stage.gives("inner", "{'id': 3}").fails("check", "PERMANENT", "No.");
    WorkflowStub run =
        stage.start(
            plan(
                back("stop"),
                calls(
                    child(
                        undo(
                            safe("inner", "inner"),
                            "uninner",
                            "{'id': '${{ outputs.id }}', 'at': '${{ inputs.home }}'}"),
                        back("more"))),
                onFailure(safe("check", "check"), OnFailure.UNDO)));
    RunResult result = Stage.result(run);
    assertEquals(RunState.UNDONE, result.state());
    assertEquals("`check` failed: No. 3 steps were taken back.", result.outcome());
    assertEquals(
        List.of("stop", "inner", "more", "check", "unmore", "uninner", "unstop"), stage.actions());
    assertEquals(json("{'id': 3, 'at': '/srv/shop/x'}"), stage.calls.get(5).input());
    assertEquals("undo:part/inner", stage.calls.get(5).call().step());
    stage.sameInHistory(run);

    String childId = run.getExecution().getWorkflowId() + "/part";
    RunStatus whole =
        new HistoryReader(Payloads.CONVERTER)
            .read(stage.history(run), Map.of(childId, stage.client().fetchHistory(childId)), false)
            .status();
    assertEquals(StepState.UNDONE, step(whole, "part/inner").state());
    assertEquals(StepState.UNDONE, step(whole, "part").state());
  }

  @Test
  void an_undo_of_the_step_that_called_a_child_stands_for_the_childs_own() {
    stage.fails("check", "PERMANENT", "No.");
    RunResult result =
        stage.run(
            plan(
                undo(calls(child(back("inner"))), "unpart", "{}"),
                onFailure(safe("check", "check"), OnFailure.UNDO)));
    assertEquals(RunState.UNDONE, result.state());
    assertEquals(List.of("inner", "check", "unpart"), stage.actions());
  }

  @Test
  void undo_chosen_within_a_child_takes_the_whole_run_back_and_says_so_before() throws Exception {
    stage.fails("smoke", "PERMANENT", "Wrong body.");
    WorkflowStub run =
        stage.start(plan(back("stop"), calls(child(back("inner"), safe("smoke", "smoke")))));
    RunClient client = new RunClient(stage.client());
    String id = run.getExecution().getWorkflowId();
    RunStatus waiting = client.status(id, Optional.empty());
    for (int i = 0; i < 400 && waiting.waiting().isEmpty(); i++) {
      Thread.sleep(25);
      waiting = client.status(id, Optional.empty());
    }
    assertEquals(
        List.of("part/inner", "stop"),
        waiting.waiting().get(0).undo().stream().map(WouldUndo::step).toList());
    RunStatus ignored =
        client.decide(
            id, Optional.empty(), decision("part/smoke", "undo", "ada").at(Instant.now()));
    RunResult result = Stage.result(run);
    assertEquals(RunState.UNDONE, result.state());
    assertEquals("ada", result.by());
    assertEquals(List.of("stop", "inner", "smoke", "uninner", "unstop"), stage.actions());
    stage.sameInHistory(run);
  }

  @Test
  void a_child_tried_again_is_taken_back_once() throws Exception {
    AtomicInteger times = new AtomicInteger();
    stage.does(
        "smoke",
        (input, call) -> {
          if (times.incrementAndGet() == 1) {
            throw Stage.failure("PERMANENT", "Wrong body.");
          }
          return json("{}");
        });
    stage.fails("check", "PERMANENT", "No.");
    WorkflowStub run =
        stage.start(
            plan(
                calls(child(back("inner"), onFailure(safe("smoke", "smoke"), OnFailure.STOP))),
                onFailure(safe("check", "check"), OnFailure.UNDO)));
    stage.untilWaiting(run, "part");
    decide(run, "part", "retry", "ada");
    RunResult result = Stage.result(run);
    assertEquals(List.of("inner", "smoke", "inner", "smoke", "check", "uninner"), stage.actions());
    assertEquals(
        "`check` failed: No. 1 step was taken back; without an undo, and left as they"
            + " are: `part/smoke`.",
        result.outcome());
  }

  @Test
  void an_undo_whose_input_is_not_known_says_so_and_is_done_by_hand() {
    stage.fails("downgrade", "UNKNOWN_OUTCOME", "The connection broke.");
    WorkflowStub run =
        stage.start(
            plan(
                back("stop"),
                undo(
                    never("downgrade", "downgrade"),
                    "upgrade",
                    "{'to': '${{ outputs.former }}'}")));
    Waiting question = stage.untilWaiting(run, "downgrade").waiting().get(0);
    assertTrue(question.undo().get(0).note().contains("former"), question.toString());
    decide(run, "downgrade", "undo", "ada");
    Waiting next = stage.untilWaiting(run, "undo:downgrade").waiting().get(0);
    assertEquals(List.of("stop", "skip"), next.choices());
    assertTrue(next.question().contains("by hand"), next.question());
    decide(run, "undo:downgrade", "skip", "ada");
    assertEquals(RunState.STOPPED, Stage.result(run).state());
    stage.sameInHistory(run);
  }

  @Test
  void nobody_is_asked_at_a_gate_any_more_when_all_is_taken_back() {
    WorkflowStub run = stage.start(plan(back("stop"), gate("agree", 1), back("next")));
    stage.untilWaiting(run, "agree");
    decide(run, "", "undo", "ada");
    assertEquals(RunState.UNDONE, Stage.result(run).state());
    assertEquals(List.of("stop", "unstop"), stage.actions());
    stage.sameInHistory(run);
  }

  private static PlannedStep strictGate() {
    return Sketch.step(
        "agree",
        new PlannedStep.Checkpoint(
            "Go on?",
            List.of("group:oncall"),
            1,
            java.time.Duration.ofMinutes(5),
            List.of("group:managers"),
            PlannedStep.Closed.UNDO,
            PlannedStep.Closed.UNDO,
            java.util.Map.of(),
            null,
            null));
  }

  @Test
  void a_gate_whose_no_takes_all_back_says_so_before() {
    WorkflowStub run = stage.start(plan(back("stop"), strictGate(), back("next")));
    Waiting question = stage.untilWaiting(run, "agree").waiting().get(0);
    assertEquals(List.of("reject", "approve"), question.choices());
    assertEquals("stop", question.undo().get(0).step());
    decide(run, "agree", "reject", "bob");
    RunResult result = Stage.result(run);
    assertEquals(RunState.UNDONE, result.state());
    assertEquals(
        "`agree` was rejected by bob: because reject. 1 step was taken back.", result.outcome());
    assertEquals(List.of("stop", "unstop"), stage.actions());
    stage.sameInHistory(run);
  }

  @Test
  void a_gate_that_nobody_answers_can_take_all_back() {
    WorkflowStub run = stage.start(plan(back("stop"), strictGate(), back("next")));
    RunResult result = Stage.result(run);
    assertEquals(RunState.UNDONE, result.state());
    assertEquals("`agree`: nobody decided in time. 1 step was taken back.", result.outcome());
  }
}
