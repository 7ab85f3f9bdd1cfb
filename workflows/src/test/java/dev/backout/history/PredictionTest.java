package dev.backout.history;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.history.Prediction.Basis;
import dev.backout.history.Prediction.Estimate;
import dev.backout.history.RunStatus.RunState;
import dev.backout.plan.ExecutionPlan;
import dev.backout.workflow.Sketch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PredictionTest {
  private static final Instant START = Instant.parse("2026-01-31T03:00:00Z");

  private static final ExecutionPlan PLAN =
      Sketch.plan(
          Sketch.gate("agree", 1),
          Sketch.budgeted(Sketch.safe("stop", "stop"), Duration.ofMinutes(2)),
          Sketch.safe("restore", "restore"));

  /** A run of which each step took so long, one after the other; what took nothing failed. */
  private static RunStatus run(int agree, int stop, int restore) {
    StatusFold fold =
        new StatusFold(
            new RunEvent.RunStarted(START, "backout/shop", "run", PLAN, "ada", null, START, null));
    Instant at = START;
    List<RunEvent> events = new ArrayList<>();
    events.add(
        new RunEvent.Asked(
            at,
            new RunStatus.Waiting(
                "agree",
                RunStatus.WaitingFor.CHECKPOINT,
                "Go on?",
                List.of(),
                List.of(),
                1,
                List.of(),
                at,
                null,
                null)));
    at = at.plusSeconds(agree);
    events.add(
        new RunEvent.Decided(
            at,
            "1",
            new RunStatus.TakenDecision("agree", "approve", "bob", null, at, false),
            true));
    at = took(events, "stop", at, stop);
    at = took(events, "restore", at, restore);
    events.add(new RunEvent.RunFinished(at, RunState.SUCCEEDED, "Done."));
    events.forEach(fold::apply);
    return fold.status();
  }

  private static Instant took(List<RunEvent> events, String step, Instant at, int seconds) {
    events.add(new RunEvent.StepStarted(at, step, step, 1));
    Instant end = at.plusSeconds(seconds);
    events.add(
        seconds == 0
            ? new RunEvent.StepFailed(end, step, "No.")
            : new RunEvent.StepDone(end, step, null));
    return end;
  }

  private static Estimate seconds(int p50, int p90) {
    return new Estimate(Duration.ofSeconds(p50), Duration.ofSeconds(p90));
  }

  @Test
  void enough_runs_tell_by_themselves_and_people_are_shown_apart() {
    List<RunStatus> runs =
        IntStream.rangeClosed(1, 10).mapToObj(i -> run(100 * i, 10 * i, i)).toList();

    Prediction told = Prediction.of(PLAN, runs);

    assertEquals(10, told.runs());
    assertTrue(told.isFromRuns());
    assertEquals(seconds(55, 99), told.work());
    assertEquals(seconds(500, 900), told.people());
    assertEquals(
        List.of(Basis.PEOPLE, Basis.RUNS, Basis.RUNS),
        told.steps().stream().map(Prediction.OfStep::basis).toList());
    assertEquals(seconds(50, 90), told.steps().get(1).took());
    assertEquals(true, told.fits());
  }

  @Test
  void too_few_runs_fall_back_on_budgets_and_say_what_nothing_tells() {
    Prediction told = Prediction.of(PLAN, List.of());

    assertEquals(0, told.runs());
    assertEquals(seconds(120, 120), told.work());
    assertNull(told.people());
    assertEquals(Basis.BUDGET, told.steps().get(1).basis());
    assertEquals(Basis.NOTHING, told.steps().get(2).basis());
    assertEquals(List.of("restore"), told.unknown());
    assertNull(told.fits(), "what is unknown may take any time");
  }

  @Test
  void a_step_without_a_budget_goes_by_the_few_runs_that_there_are() {
    Prediction told = Prediction.of(PLAN, List.of(run(60, 10, 30)));

    assertEquals(Basis.FEW_RUNS, told.steps().get(2).basis());
    assertEquals(seconds(150, 150), told.work());
    assertEquals(false, told.isFromRuns());
    assertEquals(List.of(), told.unknown());
  }

  @Test
  void a_step_that_failed_says_nothing_of_how_long_it_takes() {
    List<RunStatus> runs = List.of(run(60, 10, 0), run(60, 20, 0), run(60, 30, 0));

    Prediction told = Prediction.of(PLAN, runs);

    assertEquals(seconds(20, 30), told.steps().get(1).took());
    assertEquals(Basis.NOTHING, told.steps().get(2).basis());
  }

  @Test
  void runs_that_take_longer_than_the_objective_do_not_fit() {
    List<RunStatus> runs = List.of(run(60, 1000, 10), run(60, 1000, 10), run(60, 1000, 10));

    assertEquals(false, Prediction.of(PLAN, runs).fits());
  }
}
