package dev.backout.workflow;

import static dev.backout.workflow.Sketch.json;
import static dev.backout.workflow.Sketch.never;
import static dev.backout.workflow.Sketch.neverWithRows;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.probed;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Stage.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.history.Timeline;
import dev.backout.workflow.Settlement.Answer;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An act that must not be repeated, and of which nobody knows at first whether it happened. */
class DoubtTest {
  private final Stage stage = new Stage();
  private WorkflowStub last;

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

  private void brokenOff() {
    stage.journal =
        attempt -> new Settlement(Answer.BROKEN_OFF, null, "It began; that process is gone.");
  }

  @Test
  void a_probe_that_finds_it_done_lets_the_run_go_on() {
    brokenOff();
    stage.gives("look", "{'version': 41}");
    WorkflowStub run =
        stage.start(
            plan(
                probed(never("downgrade", "downgrade"), "look", "outputs.version == 41"),
                safe("next", "next")));
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(List.of("downgrade", "look", "next"), stage.actions());
    assertEquals(1, step(stage.sameInHistory(run), "downgrade").attempt());
    assertTrue(told(run).get(1).text().contains("the probe"), told(run).toString());
  }

  @Test
  void a_probe_that_finds_it_not_done_allows_another_attempt_and_says_why() {
    brokenOff();
    AtomicInteger times = new AtomicInteger();
    stage.does(
        "downgrade",
        (input, call) -> {
          if (times.incrementAndGet() == 1) {
            throw Stage.failure("UNKNOWN_OUTCOME", "The worker was lost.");
          }
          return json("{}");
        });
    stage.gives("look", "{'version': 42}");
    WorkflowStub run =
        stage.start(plan(probed(never("downgrade", "downgrade"), "look", "outputs.version == 41")));
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(List.of("downgrade", "look", "downgrade"), stage.actions());
    stage.sameInHistory(run);
    assertTrue(told(run).get(1).text().contains("`outputs.version == 41`"), told(run).toString());
  }

  @Test
  void not_done_yet_is_no_reason_to_do_it_where_another_worker_may_be_at_it() {
    stage.gives("look", "{'version': 42}");
    assertTrue(questionWithProbe("outputs.version == 41").contains("may still be under way"));
    assertEquals(List.of("downgrade", "look"), stage.actions());
  }

  @Test
  void what_is_done_in_part_is_put_to_a_person() {
    brokenOff();
    stage.gives("look", "{'version': 41, 'rows': 0}");
    String question = questionWithProbe("outputs.version == 41", "outputs.rows > 0");
    assertTrue(question.contains("done in part: not so is `outputs.rows > 0`"), question);
  }

  @Test
  void a_probe_that_fails_or_can_not_be_judged_settles_nothing() {
    brokenOff();
    stage.fails("look", "PERMANENT", "No answer.");
    assertTrue(questionWithProbe("outputs.version == 41").contains("The probe failed: No answer."));
  }

  @Test
  void a_probe_without_what_is_expected_settles_nothing() {
    brokenOff();
    stage.gives("look", "{}");
    String question = questionWithProbe("outputs.version == 41");
    assertTrue(question.contains("could not be judged"), question);
    decideAll();
    assertTrue(questionWithProbe().contains("it settles nothing"));
  }

  private void decideAll() {
    Stage.decide(last, "downgrade", "stop", "ada");
    assertEquals(RunState.STOPPED, Stage.result(last).state());
  }

  private String questionWithProbe(String... expect) {
    WorkflowStub run = stage.start(plan(probed(never("downgrade", "downgrade"), "look", expect)));
    last = run;
    RunStatus waiting = stage.untilWaiting(run, "downgrade");
    assertEquals(WaitingFor.DOUBT, waiting.waiting().get(0).reason());
    stage.sameInHistory(run);
    return waiting.waiting().get(0).question();
  }

  @Test
  void outputs_that_later_steps_need_are_asked_of_a_person_who_says_that_it_is_done() {
    brokenOff();
    stage.gives("look", "{'version': 41}");
    WorkflowStub run =
        stage.start(
            plan(
                probed(neverWithRows("downgrade", "downgrade"), "look", "outputs.version == 41"),
                safe("next", "next", "{'rows': '${{ steps.downgrade.outputs.rows }}'}")));
    RunStatus waiting = stage.untilWaiting(run, "downgrade");
    String question = waiting.waiting().get(0).question();
    assertTrue(question.contains("What it gave isn't known"), question);
    assertEquals(List.of("stop", "skip", "retry", "done"), waiting.waiting().get(0).choices());

    assertTrue(refusal(run, "{'row': 3}").contains("gives no `row`: it gives rows"));
    assertTrue(refusal(run, "{'rows': 'three'}").contains("`rows`"));
    Stage.decide(run, done("{'rows': 3}"));
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(json("{'rows': 3}"), stage.calls.get(2).input());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(StepState.DONE, step(status, "downgrade").state());
    assertEquals("done", step(status, "downgrade").decisions().get(0).choice());
  }

  private static Decision done(String outputs) {
    return new Decision(
        java.util.UUID.randomUUID().toString(),
        "downgrade",
        "done",
        "ada",
        "I have counted them",
        null,
        null,
        json("{'outputs': " + outputs + "}"));
  }

  private static String refusal(WorkflowStub run, String outputs) {
    WorkflowUpdateException refused =
        assertThrows(WorkflowUpdateException.class, () -> Stage.decide(run, done(outputs)));
    return String.valueOf(refused.getCause().getMessage());
  }

  private List<Timeline.Entry> told(WorkflowStub run) {
    return stage.timeline(run).entries().stream()
        .filter(entry -> entry.type() == Timeline.Type.DOUBT_EXAMINED)
        .toList();
  }
}
