package dev.backout.workflow;

import static dev.backout.workflow.Sketch.budgeted;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Sketch.when;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backout.history.RunEvent;
import dev.backout.history.StatusFold;
import dev.backout.plan.ExecutionPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TimeToComeTest {
  private static final Instant START = Instant.parse("2026-01-31T03:00:00Z");

  @Test
  void a_step_that_is_sure_to_be_skipped_takes_no_time_from_the_objective() {
    ExecutionPlan plan =
        plan(
            budgeted(safe("stop", "stop"), Duration.ofMinutes(1)),
            when(budgeted(safe("copy", "copy"), Duration.ofMinutes(30)), "inputs.home == ''"));

    assertEquals(
        Duration.ofMinutes(1), toCome(plan, Usual.ofSkips(plan).orElseThrow()), "as it is known");
    assertEquals(
        Duration.ofMinutes(31), toCome(plan, new Usual(Map.of())), "as runs began without it");
  }

  @Test
  void where_all_steps_may_run_there_is_nothing_to_hand_to_the_run() {
    assertEquals(Optional.empty(), Usual.ofSkips(plan(safe("stop", "stop"))));
  }

  private static Duration toCome(ExecutionPlan plan, Usual usual) {
    StatusFold fold =
        new StatusFold(
            new RunEvent.RunStarted(START, "backout/shop", "run", plan, "ada", null, START, null));
    return TimeToCome.of(plan, usual, fold, START);
  }
}
