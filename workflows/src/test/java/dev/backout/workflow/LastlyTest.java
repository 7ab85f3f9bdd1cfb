package dev.backout.workflow;

import static dev.backout.workflow.Sketch.json;
import static dev.backout.workflow.Sketch.lastly;
import static dev.backout.workflow.Sketch.onFailure;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Sketch.undo;
import static dev.backout.workflow.Sketch.when;
import static dev.backout.workflow.Stage.decide;
import static dev.backout.workflow.Stage.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.OnFailure;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Steps that run whatever has happened. */
class LastlyTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  private static ExecutionPlan ending(PlannedStep... steps) {
    return lastly(
        plan(steps),
        when(
            safe("page_off", "page_off", "{'page': '${{ steps.page_on.outputs.id }}'}"),
            "steps.page_on.done"));
  }

  private static PlannedStep pageOn() {
    return safe("page_on", "page_on");
  }

  @Test
  void after_success_it_runs_and_sees_what_was_done() {
    stage.gives("page_on", "{'id': 7}");
    WorkflowStub run = stage.start(ending(pageOn(), safe("stop", "stop")));
    RunResult result = Stage.result(run);
    assertEquals(RunState.SUCCEEDED, result.state());
    assertEquals("2 steps done.", result.outcome());
    assertEquals(List.of("page_on", "stop", "page_off"), stage.actions());
    assertEquals(json("{'page': 7}"), stage.calls.get(2).input());
    assertEquals(StepState.DONE, stage.sameInHistory(run).lastly().get(0).state());
  }

  @Test
  void what_was_not_reached_is_known_not_to_be_done() {
    stage.fails("check", "PERMANENT", "No.");
    WorkflowStub run =
        stage.start(ending(onFailure(safe("check", "check"), OnFailure.STOP), pageOn()));
    assertEquals(RunState.FAILED, Stage.result(run).state());
    assertEquals(List.of("check"), stage.actions());
    assertEquals(StepState.SKIPPED, stage.sameInHistory(run).lastly().get(0).state());
  }

  @Test
  void after_a_stop_in_one_of_two_branches_it_knows_what_the_other_has_done() {
    stage.gives("page_on", "{'id': 7}").fails("stop", "PERMANENT", "No.");
    Map<String, List<PlannedStep>> branches = new LinkedHashMap<>();
    branches.put("page", List.of(pageOn()));
    branches.put("api", List.of(safe("stop", "stop")));
    WorkflowStub run = stage.start(ending(Sketch.step("both", new PlannedStep.Parallel(branches))));
    stage.until(
        run, s -> !s.waiting().isEmpty() && step(s, "both/page/page_on").state() == StepState.DONE);
    decide(run, "both/api/stop", "stop", "ada");
    RunResult result = Stage.result(run);
    assertEquals("Stopped by ada: because stop", result.outcome());
    assertEquals(json("{'page': 7}"), stage.calls.get(2).input());
    stage.sameInHistory(run);
  }

  @Test
  void after_an_undo_it_runs_last() {
    stage.gives("page_on", "{'id': 7}").fails("check", "PERMANENT", "No.");
    RunResult result =
        stage.run(
            lastly(
                plan(
                    undo(safe("stop", "stop"), "unstop", "{}"),
                    onFailure(safe("check", "check"), OnFailure.UNDO)),
                safe("tell", "tell")));
    assertEquals(RunState.UNDONE, result.state());
    assertEquals(List.of("stop", "check", "unstop", "tell"), stage.actions());
  }

  @Test
  void after_a_cancellation_it_runs_all_the_same() {
    stage.gives("page_on", "{'id': 7}");
    WorkflowStub run = stage.start(ending(pageOn(), Sketch.gate("agree", 1)));
    stage.untilWaiting(run, "agree");
    run.cancel();
    assertThrows(WorkflowFailedException.class, () -> Stage.result(run));
    assertEquals(List.of("page_on", "page_off"), stage.actions());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(RunState.CANCELLED, status.state());
    assertEquals(StepState.DONE, status.lastly().get(0).state());
  }

  @Test
  void a_failure_in_it_asks_and_never_hides_how_the_run_ended() {
    stage.fails("tell", "PERMANENT", "No such channel.");
    WorkflowStub run =
        stage.start(
            lastly(
                plan(undo(safe("stop", "stop"), "unstop", "{}")),
                safe("tell", "tell"),
                safe("more", "more")));
    RunStatus waiting = stage.untilWaiting(run, "tell");
    assertEquals(List.of("stop", "retry", "skip"), waiting.waiting().get(0).choices());
    decide(run, "tell", "stop", "ada");
    RunResult result = Stage.result(run);
    assertEquals(RunState.SUCCEEDED, result.state());
    assertEquals(
        "1 step done. Of what runs whatever happens, this was not done: `tell`, `more`.",
        result.outcome());
    assertEquals(List.of("stop", "tell"), stage.actions());
    stage.sameInHistory(run);
  }
}
