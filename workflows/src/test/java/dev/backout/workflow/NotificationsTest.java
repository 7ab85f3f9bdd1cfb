package dev.backout.workflow;

import static dev.backout.workflow.Sketch.gate;
import static dev.backout.workflow.Sketch.json;
import static dev.backout.workflow.Sketch.onFailure;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Sketch.telling;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.Timeline;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.OnFailure;
import dev.backout.runbook.Occasion;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NotificationsTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  /** As a receiver takes it that drops what it knows by its id, in the order of the events. */
  private List<Notification> events() {
    Map<String, Notification> known = new LinkedHashMap<>();
    stage.told.forEach(each -> known.putIfAbsent(each.eventId() + each.channel(), each));
    return known.values().stream()
        .sorted(Comparator.comparing(each -> each.event().get("time").asText() + each.eventId()))
        .toList();
  }

  private JsonNode event(int index) {
    return events().get(index).event();
  }

  private List<String> told() {
    return events().stream().map(each -> each.channel() + " " + each.about()).toList();
  }

  private void untilTold(int count) {
    for (int i = 0; i < 400 && events().size() < count; i++) {
      try {
        Thread.sleep(25);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
    assertEquals(count, events().size(), told().toString());
  }

  private void tellsOnItsOwn(String name, List<Occasion> events, List<String> asked) {
    stage.admission =
        request ->
            new Admission(
                request.startedBy(),
                false,
                null,
                request.kind(),
                request.target(),
                Admission.NO_POLICY,
                List.of(Channel.ofWorker(name, events, asked)));
  }

  private static PlannedStep reminding(String id, Duration remind, String... escalateTo) {
    return Sketch.step(
        id,
        new PlannedStep.Checkpoint(
            "Go on?",
            List.of("group:oncall"),
            1,
            Duration.ofMinutes(12),
            List.of(escalateTo),
            null,
            null,
            Map.of(),
            null,
            remind));
  }

  @Test
  void whom_the_runbook_names_is_told_from_the_start_to_the_end() {
    RunResult result = stage.run(telling(plan(safe("stop", "stop")), "oncall"));
    assertEquals(RunState.SUCCEEDED, result.state());
    untilTold(2);
    assertEquals(List.of("oncall started", "oncall finished"), told());
    JsonNode end = event(1);
    assertEquals("dev.backout.run.finished", end.get("type").asText());
    assertEquals("succeeded", end.at("/data/run/state").asText());
    assertEquals("notify.webhook", events().get(1).action());
  }

  @Test
  void whom_the_worker_tells_by_itself_is_told_without_a_word_in_the_plan() {
    tellsOnItsOwn("audit", List.of(Occasion.STARTED, Occasion.FINISHED), List.of());
    RunResult ignored = stage.run(plan(safe("stop", "stop")));
    untilTold(2);
    assertEquals(List.of("audit started", "audit finished"), told());
    assertTrue(events().get(0).ofWorker());
    assertEquals(
        List.of(),
        stage.calls.get(0).call().admission().channels(),
        "goes along with no act, as it is no act's business");
  }

  @Test
  void a_run_that_tells_nobody_has_no_event_more_than_before() {
    WorkflowStub run = stage.start(plan(safe("stop", "stop")));
    RunResult ignored = Stage.result(run);
    assertTrue(
        stage.history(run).getEvents().stream()
            .noneMatch(each -> each.hasStartChildWorkflowExecutionInitiatedEventAttributes()));
    assertEquals(List.of(), told());
  }

  @Test
  void each_event_has_an_id_of_its_own_and_the_same_for_everybody() {
    tellsOnItsOwn("audit", List.of(), List.of());
    WorkflowStub run = stage.start(telling(plan(gate("agree", 1)), "oncall"));
    stage.untilWaiting(run, "agree");
    RunStatus ignored = Stage.decide(run, "agree", "approve", "ada");
    untilTold(6);
    Set<String> ids = new HashSet<>();
    stage.told.forEach(each -> ids.add(each.eventId() + " " + each.about()));
    assertEquals(3, ids.size(), ids.toString());
  }

  @Test
  void a_gate_says_who_is_asked_and_until_when() {
    WorkflowStub run = stage.start(telling(plan(gate("agree", 1)), "oncall", Occasion.WAITING));
    stage.untilWaiting(run, "agree");
    untilTold(1);
    JsonNode data = event(0).get("data");
    assertEquals("May we go on with /srv/shop?", data.get("summary").asText());
    assertEquals(json("['group:oncall']"), data.get("asks"));
    assertEquals("CHECKPOINT", data.at("/waiting/reason").asText());
    assertTrue(data.at("/waiting/deadline").isTextual());
  }

  @Test
  void a_gate_reminds_until_it_is_decided_and_begins_anew_with_the_next_level() {
    WorkflowStub run =
        stage.start(
            telling(
                plan(reminding("agree", Duration.ofMinutes(5), "group:managers")),
                "oncall",
                Occasion.REMINDED,
                Occasion.ESCALATED));
    stage.untilWaiting(run, "agree");
    stage.sleep(Duration.ofMinutes(18));
    untilTold(4);
    assertEquals(
        List.of("oncall reminded", "oncall reminded", "oncall escalated", "oncall reminded"),
        told());
    assertEquals(json("['group:managers']"), event(2).at("/data/asks"));
    assertEquals(json("['group:oncall', 'group:managers']"), event(3).at("/data/asks"));
    RunStatus ignored = Stage.decide(run, "agree", "approve", "ada");
    RunResult result = Stage.result(run);
    assertEquals(RunState.SUCCEEDED, result.state());
    RunStatus same = stage.sameInHistory(run);
    assertEquals(List.of(), same.notTold());
  }

  @Test
  void who_wants_to_hear_only_of_a_group_hears_of_nothing_else() {
    tellsOnItsOwn("managers", List.of(), List.of("group:managers"));
    WorkflowStub run = stage.start(plan(gate("agree", 1, "group:managers")));
    stage.untilWaiting(run, "agree");
    stage.sleep(Duration.ofMinutes(6));
    RunStatus ignored = Stage.decide(run, "agree", "approve", "ada");
    RunResult unused = Stage.result(run);
    untilTold(1);
    assertEquals(List.of("managers escalated"), told());
  }

  @Test
  void a_step_that_fails_and_asks_nobody_is_told() {
    stage.fails("break", "PERMANENT", "No space.");
    RunResult ignored =
        stage.run(telling(plan(onFailure(safe("fill", "break"), OnFailure.STOP)), "oncall"));
    untilTold(3);
    assertEquals(List.of("oncall started", "oncall failed", "oncall finished"), told());
    assertEquals("No space.", event(1).at("/data/failure").asText());
    assertEquals("failed", event(2).at("/data/run/state").asText());
  }

  @Test
  void a_step_that_fails_and_asks_says_that_it_waits() {
    stage.fails("break", "PERMANENT", "No space.");
    WorkflowStub run =
        stage.start(
            telling(plan(safe("fill", "break")), "oncall", Occasion.WAITING, Occasion.FAILED));
    stage.untilWaiting(run, "fill");
    untilTold(1);
    assertEquals("FAILURE", event(0).at("/data/waiting/reason").asText());
  }

  @Test
  void a_receiver_that_answers_never_holds_up_neither_a_step_nor_the_end() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    stage.receiver =
        notification -> {
          try {
            never.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        };
    WorkflowStub run = stage.start(telling(plan(safe("stop", "stop")), "oncall"));
    RunResult result = Stage.result(run);
    assertEquals(RunState.SUCCEEDED, result.state());
    never.countDown();
  }

  @Test
  void what_was_under_way_at_the_end_is_told_afterwards() {
    CountDownLatch ended = new CountDownLatch(1);
    stage.receiver =
        notification -> {
          if (ended.getCount() > 0) {
            throw Stage.failure("TRANSIENT", "The receiver is down.");
          }
        };
    WorkflowStub run = stage.start(telling(plan(safe("stop", "stop")), "oncall"));
    RunResult ignored = Stage.result(run);
    ended.countDown();
    Timeline told = timeline(run);
    assertEquals(List.of(), told.status().notTold());
    assertEquals(
        List.of("`oncall` was told: finished.", "`oncall` was told: started."),
        texts(told, Timeline.Type.TOLD));
  }

  @Test
  void what_could_not_be_told_stands_in_the_history_with_the_reason() {
    stage.receiver =
        notification -> {
          throw Stage.failure("PERMANENT", "The receiver answered 404.");
        };
    WorkflowStub run = stage.start(telling(plan(gate("agree", 1)), "oncall"));
    RunStatus waiting = stage.until(run, s -> s.notTold().size() == 2);
    assertEquals("The receiver answered 404.", waiting.notTold().get(0).why());
    RunStatus ignored = Stage.decide(run, "agree", "approve", "ada");
    RunResult unused = Stage.result(run);
    RunStatus same = stage.sameInHistory(run);
    assertEquals(2, same.notTold().size());
    Timeline told = timeline(run);
    assertEquals(
        List.of("started", "waiting", "finished"),
        told.status().notTold().stream().map(RunStatus.NotTold::about).toList());
    assertTrue(
        texts(told, Timeline.Type.NOT_TOLD)
            .contains("`oncall` could not be told: finished. The receiver answered 404."));
  }

  @Test
  void a_run_that_will_take_longer_than_its_objective_says_so_at_once() throws Exception {
    var plan = telling(plan(gate("agree", 1), safe("slow", "slow")), "oncall", Occasion.AT_RISK);
    Usual usual = new Usual(Map.of("slow", Duration.ofMinutes(20)));
    var run = stage.starter.start(new RunRequest(plan, "ada", null, null, false).withUsual(usual));
    untilTold(1);
    assertEquals(
        "By their budgets, and by what they took before, the steps to come need 20m, and only 14m59s"
            + " of the RTO of 15m is left.",
        event(0).at("/data/summary").asText().replace("only 15m of", "only 14m59s of"));
    stage.client().newUntypedWorkflowStub(run.getWorkflowId()).cancel();
  }

  @Test
  void a_cancelled_run_is_told_too() {
    WorkflowStub run = stage.start(telling(plan(gate("agree", 1)), "oncall"));
    stage.untilWaiting(run, "agree");
    run.cancel();
    assertThrows(WorkflowFailedException.class, () -> Stage.result(run));
    untilTold(3);
    assertEquals("cancelled", event(2).at("/data/run/state").asText());
  }

  @Test
  void of_a_terminated_run_it_is_told_once_though_the_run_itself_can_not() {
    tellsOnItsOwn("audit", List.of(Occasion.FINISHED), List.of());
    WorkflowStub run = stage.start(telling(plan(gate("agree", 1)), "oncall"));
    stage.untilWaiting(run, "agree");
    untilTold(2);
    run.terminate("wrong database");
    for (int i = 0; i < 2; i++) {
      new LastWord(stage.client()).tell(stage.history(run));
    }
    Timeline told = timeline(run);
    assertEquals(
        List.of("audit finished", "oncall finished", "oncall started", "oncall waiting"),
        stage.told.stream().map(each -> each.channel() + " " + each.about()).sorted().toList());
    JsonNode last = stage.told.get(3).event();
    assertEquals("000003", last.get("sequence").asText());
    assertEquals("terminated", last.at("/data/run/state").asText());
    assertTrue(last.at("/data/outcome").asText().endsWith(": wrong database"), last::toString);
    assertEquals(
        List.of("`audit` of the worker was told: finished.", "`oncall` was told: finished."),
        texts(told, Timeline.Type.TOLD).stream()
            .filter(each -> each.contains("finished"))
            .toList());
  }

  @Test
  void of_a_terminated_run_that_tells_nobody_nothing_is_told() {
    WorkflowStub run = stage.start(plan(gate("agree", 1)));
    stage.untilWaiting(run, "agree");
    run.terminate("wrong database");
    new LastWord(stage.client()).tell(stage.history(run));
    String child = run.getExecution().getWorkflowId() + "/told-" + run.getExecution().getRunId();
    assertThrows(StatusRuntimeException.class, () -> stage.client().fetchHistory(child));
  }

  @Test
  void a_gate_in_a_runbook_that_is_called_tells_those_of_the_caller() {
    PlannedStep child =
        Sketch.step(
            "validate",
            new PlannedStep.CallRunbook(
                telling(plan(gate("agree", 1)), "of the child"), json("{}")));
    WorkflowStub run = stage.start(telling(plan(child), "oncall"));
    untilTold(2);
    assertEquals(List.of("oncall started", "oncall waiting"), told());
    assertEquals("agree", event(1).get("subject").asText());
    run.cancel();
  }

  private Timeline timeline(WorkflowStub run) {
    WorkflowExecutionHistory history = stage.history(run);
    String child = run.getExecution().getWorkflowId() + "/told-" + run.getExecution().getRunId();
    RunResult ignored = stage.client().newUntypedWorkflowStub(child).getResult(RunResult.class);
    return new HistoryReader(Payloads.CONVERTER)
        .read(history, Map.of(child, stage.client().fetchHistory(child)), false);
  }

  private static List<String> texts(Timeline timeline, Timeline.Type type) {
    return timeline.entries().stream()
        .filter(each -> each.type() == type)
        .map(Timeline.Entry::text)
        .sorted()
        .toList();
  }
}
