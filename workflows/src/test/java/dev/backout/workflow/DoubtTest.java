package dev.backout.workflow;

import static dev.backout.workflow.Sketch.json;
import static dev.backout.workflow.Sketch.never;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Stage.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.Timeline;
import dev.backout.workflow.Settlement.Answer;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An act that must not be repeated, and of which nobody knows at first whether it happened. */
class DoubtTest {
  private final Stage stage = new Stage();

  @BeforeEach
  void inDoubt() {
    stage.fails("downgrade", "UNKNOWN_OUTCOME", "The connection broke at COMMIT.");
  }

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void what_the_worker_wrote_down_stands_in_for_a_result_that_never_came() {
    stage.journal = attempt -> new Settlement(Answer.DONE, json("{'rows': 3}"), "It was noted.");
    WorkflowStub run =
        stage.start(
            plan(
                never("downgrade", "downgrade"),
                safe("next", "next", "{'rows': '${{ steps.downgrade.outputs.rows }}'}")));
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(List.of("downgrade", "next"), stage.actions());
    assertEquals(json("{'rows': 3}"), stage.calls.get(1).input());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(StepState.DONE, step(status, "downgrade").state());
    assertEquals(json("{'rows': 3}"), step(status, "downgrade").outputs());
    assertEquals(1, told(run).size());
  }

  @Test
  void a_failure_that_the_worker_wrote_down_is_one() {
    stage.journal = attempt -> new Settlement(Answer.FAILED, null, "Table orders is missing.");
    WorkflowStub run = stage.start(plan(never("downgrade", "downgrade")));
    RunStatus waiting = stage.untilWaiting(run, "downgrade");
    assertEquals(WaitingFor.FAILURE, waiting.waiting().get(0).reason());
    assertEquals("Table orders is missing.", step(waiting, "downgrade").failure());
    stage.sameInHistory(run);
  }

  @Test
  void an_attempt_that_has_not_begun_is_made_anew_without_asking() {
    AtomicInteger times = new AtomicInteger();
    stage.does(
        "downgrade",
        (input, call) -> {
          if (times.incrementAndGet() == 1) {
            throw Stage.failure("UNKNOWN_OUTCOME", "The worker was lost.");
          }
          return json("{}");
        });
    stage.journal = attempt -> new Settlement(Answer.NOT_BEGUN, null, "There is no note of it.");
    WorkflowStub run = stage.start(plan(never("downgrade", "downgrade")));
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(List.of(1, 2), stage.calls.stream().map(c -> c.call().attempt()).toList());
    stage.sameInHistory(run);
    assertTrue(told(run).get(0).text().contains("has not happened"), told(run).toString());
  }

  @Test
  void one_that_never_gets_to_begin_is_given_up_after_a_few_attempts() {
    stage.journal = attempt -> new Settlement(Answer.NOT_BEGUN, null, "There is no note of it.");
    WorkflowStub run = stage.start(plan(never("downgrade", "downgrade")));
    RunStatus waiting = stage.untilWaiting(run, "downgrade");
    assertEquals(WaitingFor.FAILURE, waiting.waiting().get(0).reason());
    assertEquals(4, stage.calls.size());
    stage.sameInHistory(run);
  }

  @Test
  void an_act_that_goes_on_is_waited_for() {
    AtomicInteger asked = new AtomicInteger();
    stage.journal =
        attempt ->
            asked.incrementAndGet() < 4
                ? new Settlement(Answer.UNDER_WAY, null, "Its process is alive.")
                : new Settlement(Answer.DONE, json("{}"), "It was noted.");
    WorkflowStub run = stage.start(plan(never("downgrade", "downgrade")));
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(4, asked.get());
    assertEquals(1, stage.calls.size());
    assertEquals(2, told(run).size());
    stage.sameInHistory(run);
  }

  @Test
  void one_that_goes_on_for_longer_than_the_step_may_take_is_put_to_a_person() {
    stage.journal = attempt -> new Settlement(Answer.UNDER_WAY, null, "Its process is alive.");
    WorkflowStub run = stage.start(plan(never("downgrade", "downgrade")));
    stage.sleep(java.time.Duration.ofMinutes(11));
    RunStatus waiting = stage.untilWaiting(run, "downgrade");
    assertEquals(WaitingFor.DOUBT, waiting.waiting().get(0).reason());
    assertTrue(waiting.waiting().get(0).question().contains("still did after 10m"));
    assertEquals(1, stage.calls.size());
    stage.sameInHistory(run);
  }

  @Test
  void what_the_journal_can_not_say_is_put_to_a_person_with_what_was_found() {
    stage.journal =
        attempt -> new Settlement(Answer.BROKEN_OFF, null, "It began; that process is gone.");
    WorkflowStub run = stage.start(plan(never("downgrade", "downgrade")));
    RunStatus waiting = stage.untilWaiting(run, "downgrade");
    assertEquals(WaitingFor.DOUBT, waiting.waiting().get(0).reason());
    assertTrue(waiting.waiting().get(0).question().contains("that process is gone"));
    assertEquals(
        "The connection broke at COMMIT. It began; that process is gone.",
        step(waiting, "downgrade").failure());
    stage.sameInHistory(run);
  }

  private List<Timeline.Entry> told(WorkflowStub run) {
    return stage.timeline(run).entries().stream()
        .filter(entry -> entry.type() == Timeline.Type.DOUBT_EXAMINED)
        .toList();
  }
}
