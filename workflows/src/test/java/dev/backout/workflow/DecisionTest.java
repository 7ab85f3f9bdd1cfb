package dev.backout.workflow;

import static dev.backout.workflow.Sketch.gate;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Stage.decide;
import static dev.backout.workflow.Stage.decision;
import static dev.backout.workflow.Stage.step;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.Timeline;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DecisionTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void a_gate_opens_by_as_many_different_people_as_it_needs() {
    WorkflowStub run = stage.start(plan(gate("agree", 2), safe("stop", "stop")));
    RunStatus asked = stage.untilWaiting(run, "agree");
    assertEquals("May we go on with /srv/shop?", asked.waiting().get(0).question());
    decide(run, "agree", "approve", "ada");
    assertEquals(
        "Ada has already approved `agree`, which needs 2 different people: 1 more.",
        refusal(run, decision("agree", "approve", "Ada ")));
    stage.sameInHistory(run);
    assertEquals(List.of(), stage.actions());
    decide(run, "agree", "approve", "bob");
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    RunStatus done = stage.sameInHistory(run);
    assertEquals(
        List.of("ada", "bob"), step(done, "agree").decisions().stream().map(d -> d.by()).toList());
    assertFalse(step(done, "agree").decisions().get(0).verified());
  }

  @Test
  void fifty_decisions_at_one_instant_each_get_a_true_answer_and_exactly_the_quorum_counts()
      throws Exception {
    WorkflowStub run = stage.start(plan(gate("agree", 2), gate("then", 1)));
    stage.untilWaiting(run, "agree");
    java.util.concurrent.ExecutorService people =
        java.util.concurrent.Executors.newFixedThreadPool(50);
    java.util.concurrent.CountDownLatch now = new java.util.concurrent.CountDownLatch(1);
    try {
      List<java.util.concurrent.Future<String>> answers =
          java.util.stream.IntStream.range(0, 50)
              .mapToObj(
                  i ->
                      people.submit(
                          () -> {
                            now.await();
                            try {
                              decide(run, "agree", "approve", "p" + i);
                              return "p" + i;
                            } catch (WorkflowUpdateException e) {
                              return "refused: " + e.getCause().getMessage();
                            }
                          }))
              .toList();
      now.countDown();
      List<String> counted = new java.util.ArrayList<>();
      for (java.util.concurrent.Future<String> answer : answers) {
        String said = answer.get();
        if (said.startsWith("refused: ")) {
          assertTrue(said.contains("agree"), said);
        } else {
          counted.add(said);
        }
      }
      RunStatus status = stage.untilWaiting(run, "then");
      assertEquals(2, counted.size(), counted.toString());
      assertEquals(
          java.util.Set.copyOf(counted),
          step(status, "agree").decisions().stream()
              .map(d -> d.by())
              .collect(java.util.stream.Collectors.toSet()));
    } finally {
      people.shutdownNow();
    }
    decide(run, "then", "approve", "ada");
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    stage.sameInHistory(run);
  }

  @Test
  void a_rejection_stops_the_run() {
    WorkflowStub run = stage.start(plan(gate("agree", 2), safe("stop", "stop")));
    stage.untilWaiting(run, "agree");
    decide(run, "agree", "reject", "bob");
    RunResult result = Stage.result(run);
    assertEquals(RunState.STOPPED, result.state());
    assertEquals("`agree` was rejected by bob: because reject", result.outcome());
    assertEquals(List.of(), stage.actions());
    stage.sameInHistory(run);
  }

  @Test
  void a_gate_that_nobody_opens_asks_the_next_and_then_stops_the_run() {
    WorkflowStub run = stage.start(plan(gate("agree", 1, "group:managers"), safe("stop", "stop")));
    RunResult result = Stage.result(run);
    assertEquals(RunState.STOPPED, result.state());
    assertEquals("`agree`: nobody decided in time.", result.outcome());
    assertEquals(List.of(), stage.actions());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(StepState.FAILED, step(status, "agree").state());
    Timeline timeline = stage.timeline(run);
    assertTrue(
        timeline.entries().stream().anyMatch(e -> e.type() == Timeline.Type.ESCALATED),
        timeline.toString());
  }

  @Test
  void an_escalated_gate_still_opens() {
    WorkflowStub run = stage.start(plan(gate("agree", 1, "group:managers")));
    stage.untilWaiting(run, "agree");
    stage.sleep(java.time.Duration.ofMinutes(6));
    RunStatus asked = stage.until(run, s -> s.waiting().get(0).approvers().size() == 2);
    assertEquals(List.of("group:oncall", "group:managers"), asked.waiting().get(0).approvers());
    assertEquals("Then the run stops.", asked.waiting().get(0).onDeadline());
    stage.sameInHistory(run);
    decide(run, "agree", "approve", "cy");
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
  }

  @Test
  void a_decision_that_makes_no_sense_is_refused_at_once_and_says_what_does() {
    WorkflowStub run = stage.start(plan(gate("agree", 1), safe("stop", "stop")));
    stage.untilWaiting(run, "agree");
    assertEquals(
        "There is no step `agre` in this run. `agree` waits for `reject` or `approve`.",
        refusal(run, decision("agre", "approve", "ada")));
    assertEquals(
        "The step `stop` waits for nobody. `agree` waits for `reject` or `approve`.",
        refusal(run, decision("stop", "retry", "ada")));
    assertEquals(
        "`agree` can be decided by `reject` or `approve`, not by `skip`.",
        refusal(run, decision("agree", "skip", "ada")));
    assertEquals(
        "A decision needs a name: who decides?", refusal(run, decision("agree", "approve", " ")));
    assertEquals(
        "`stop` needs a reason, for those who read this later.",
        refusal(run, new Decision("1", "", "stop", "ada", null, null, null)));
    assertEquals(
        "Of the run as a whole only `stop`, `undo`, `pause` and `continue` can be decided, not `approve`. `agree` waits for"
            + " `reject` or `approve`.",
        refusal(run, decision("", "approve", "ada")));
    decide(run, "agree", "approve", "ada");
    RunResult ignored = Stage.result(run);
  }

  @Test
  void a_decision_that_comes_twice_counts_once() {
    WorkflowStub run = stage.start(plan(gate("agree", 2)));
    stage.untilWaiting(run, "agree");
    Decision once = decision("agree", "approve", "ada");
    decide(run, once);
    RunStatus after = decide(run, once);
    run.signal(RunbookWorkflow.DECISION_SIGNAL, once);
    assertEquals(1, after.waiting().get(0).decided().size());
    decide(run, "agree", "approve", "bob");
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    assertEquals(2, step(stage.sameInHistory(run), "agree").decisions().size());
  }

  @Test
  void a_signal_decides_too_and_one_that_makes_no_sense_is_only_recorded() {
    WorkflowStub run = stage.start(plan(gate("agree", 1)));
    stage.untilWaiting(run, "agree");
    run.signal(RunbookWorkflow.DECISION_SIGNAL, decision("agree", "retry", "eve"));
    run.signal(RunbookWorkflow.DECISION_SIGNAL, decision("agree", "approve", "ada"));
    assertEquals(RunState.SUCCEEDED, Stage.result(run).state());
    stage.sameInHistory(run);
    assertTrue(
        stage.timeline(run).entries().stream()
            .anyMatch(e -> e.text().startsWith("eve sent `retry`, which changed nothing")));
  }

  @Test
  void after_the_end_nothing_can_be_decided() {
    WorkflowStub run = stage.start(plan(safe("stop", "stop")));
    RunResult ignored = Stage.result(run);
    assertThrows(WorkflowNotFoundException.class, () -> decide(run, "stop", "retry", "ada"));
  }

  @Test
  void a_stop_lets_the_step_under_way_end() throws Exception {
    java.util.concurrent.CountDownLatch go = new java.util.concurrent.CountDownLatch(1);
    stage.does(
        "long",
        (input, call) -> {
          go.await();
          return Sketch.json("{}");
        });
    WorkflowStub run = stage.start(plan(safe("long", "long"), safe("next", "next")));
    stage.until(run, s -> !stage.calls.isEmpty());
    decide(run, "", "stop", "ada");
    assertEquals(RunState.RUNNING, Stage.status(run).state());
    go.countDown();
    RunResult result = Stage.result(run);
    assertEquals(RunState.STOPPED, result.state());
    RunStatus status = stage.sameInHistory(run);
    assertEquals(StepState.DONE, step(status, "long").state());
    assertEquals(StepState.PENDING, step(status, "next").state());
  }

  private static String refusal(WorkflowStub run, Decision decision) {
    WorkflowUpdateException e =
        assertThrows(WorkflowUpdateException.class, () -> decide(run, decision));
    return ((io.temporal.failure.ApplicationFailure) e.getCause()).getOriginalMessage();
  }
}
