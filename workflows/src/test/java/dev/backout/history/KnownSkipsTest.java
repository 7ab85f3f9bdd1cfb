package dev.backout.history;

import static dev.backout.workflow.Sketch.budgeted;
import static dev.backout.workflow.Sketch.json;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Sketch.step;
import static dev.backout.workflow.Sketch.when;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KnownSkipsTest {
  private static PlannedStep only(String id, String condition) {
    return when(budgeted(safe(id, id), Duration.ofMinutes(5)), condition);
  }

  private static Set<String> skips(PlannedStep... steps) {
    return KnownSkips.of(plan(steps));
  }

  @Test
  void a_condition_that_is_false_by_itself_or_by_the_inputs_is_known_before() {
    assertEquals(
        Set.of("never", "elsewhere"),
        skips(
            only("never", "false"),
            only("elsewhere", "inputs.home != '/srv/shop'"),
            only("here", "inputs.home == '/srv/shop'")));
  }

  @Test
  void what_hangs_on_a_step_that_is_sure_to_be_skipped_is_known_too_and_on_others_is_not() {
    assertEquals(
        Set.of("schema", "downgrade"),
        skips(
            only("schema", "inputs.home == ''"),
            only("look", "inputs.home != ''"),
            only("downgrade", "steps.schema.done"),
            only("again", "steps.look.done && false"),
            only("else", "!steps.look.done")));
  }

  @Test
  void who_starts_the_run_is_not_known_before() {
    assertEquals(Set.of(), skips(only("mine", "run.startedBy == 'ada'")));
  }

  @Test
  void a_condition_that_has_no_value_yet_counts_as_what_may_hold() {
    assertEquals(Set.of(), skips(only("a", "inputs.missing == 'x'")));
  }

  @Test
  void branches_and_child_runbooks_are_looked_into_by_what_they_are_given() {
    Map<String, List<PlannedStep>> branches = new LinkedHashMap<>();
    branches.put("left", List.of(only("one", "false"), only("two", "true")));
    branches.put("right", List.of(only("three", "true")));
    ExecutionPlan child = plan(only("inside", "inputs.home == '/srv/shop'"));
    PlannedStep given =
        step("given", new PlannedStep.CallRunbook(child, json("{'home': '/srv/other'}")));
    PlannedStep waiting =
        step(
            "later",
            new PlannedStep.CallRunbook(
                child, json("{'home': '${{ string(steps.look.outputs.x) }}'}")));

    PlannedStep sides = step("sides", new PlannedStep.Parallel(branches));
    Set<String> skips = skips(only("look", "true"), sides, given, waiting);

    assertEquals(Set.of("sides/left/one", "given/inside"), skips);
    assertEquals(
        Optional.of(Duration.ofMinutes(5)), PlannedTime.of(sides, "", skips), "the longest branch");
    assertEquals(Optional.of(Duration.ZERO), PlannedTime.of(given, "", skips));
    assertEquals(Optional.of(Duration.ofMinutes(5)), PlannedTime.of(given));
    assertEquals(Optional.of(Duration.ofMinutes(5)), PlannedTime.of(waiting, "", skips));
  }
}
