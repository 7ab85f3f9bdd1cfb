package dev.backout.workflow;

import static dev.backout.workflow.Sketch.manual;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Stage.decide;
import static dev.backout.workflow.Stage.step;
import static dev.backout.workflow.Stage.tick;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.Tick;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.Timeline;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ManualTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  private WorkflowStub begun() {
    WorkflowStub run =
        stage.start(
            plan(
                manual("tell", "Call the bank about ${{ inputs.home }}", "Write it down"),
                safe("next", "next")));
    stage.untilWaiting(run, "tell");
    return run;
  }

  @Test
  void the_last_tick_completes_the_step_and_each_says_who() {
    WorkflowStub run = begun();
    RunStatus waiting = Stage.status(run);
    assertEquals(WaitingFor.MANUAL, waiting.waiting().get(0).reason());
    assertEquals(
        List.of("Call the bank about /srv/shop", "Write it down"),
        waiting.waiting().get(0).items());
    RunStatus taken =
        decide(
            run,
            new Decision(
                "1",
                "tell",
                "tick",
                "ada",
                "it is in the wiki",
                null,
                null,
                Details.tick(2, "page.png", "abcd")));
    assertEquals("ada", taken.waiting().get(0).ticked(2).orElseThrow().by());
    RunStatus half = Stage.status(run);
    assertEquals(StepState.WAITING, step(half, "tell").state());
    assertEquals("ada", half.waiting().get(0).ticked(2).orElseThrow().by());
    assertTrue(half.waiting().get(0).ticked(1).isEmpty());
    stage.sameInHistory(run);

    decide(run, tick("tell", 1, "bob"));
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(StepState.DONE, step(status, "tell").state());
    assertEquals(
        List.of(
            new Tick(2, "Write it down", "page.png", "abcd"),
            new Tick(1, "Call the bank about /srv/shop", null, null)),
        step(status, "tell").decisions().stream().map(each -> each.tick()).toList());
    assertTrue(
        stage.timeline(run).entries().stream()
            .filter(entry -> entry.type() == Timeline.Type.DECISION)
            .anyMatch(entry -> entry.text().contains("ada (unverified) ticked 2, Write it down")));
  }

  @Test
  void an_item_is_ticked_once_and_must_be_there() {
    WorkflowStub run = begun();
    decide(run, tick("tell", 1, "bob"));
    assertTrue(refusal(run, tick("tell", 1, "ada")).contains("was ticked before, by bob"));
    assertTrue(refusal(run, tick("tell", 3, "ada")).contains("its number from 1 to 2"));
    assertTrue(refusal(run, Stage.decision("tell", "tick", "ada")).contains("from 1 to 2"));
    assertTrue(refusal(run, Stage.decision("tell", "approve", "ada")).contains("`tick`"));
    assertEquals(StepState.WAITING, step(stage.sameInHistory(run), "tell").state());
  }

  private static String refusal(WorkflowStub run, Decision decision) {
    return String.valueOf(
        assertThrows(WorkflowUpdateException.class, () -> decide(run, decision))
            .getCause()
            .getMessage());
  }

  @Test
  void it_may_be_skipped_or_the_run_stopped_there() {
    WorkflowStub skipped = begun();
    decide(skipped, tick("tell", 1, "bob"));
    decide(skipped, "tell", "skip", "ada");
    assertEquals("1 step done, 1 skipped.", Stage.result(skipped).outcome());
    stage.sameInHistory(skipped);

    WorkflowStub stopped = begun();
    decide(stopped, "tell", "stop", "ada");
    assertEquals(RunState.STOPPED, Stage.result(stopped).state());
    assertEquals(StepState.FAILED, step(stage.sameInHistory(stopped), "tell").state());

    WorkflowStub ended = begun();
    decide(ended, "", "stop", "ada");
    assertEquals(RunState.STOPPED, Stage.result(ended).state());
    stage.sameInHistory(ended);
  }
}
