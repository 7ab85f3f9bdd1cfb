package dev.backout.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class NotExecutedYetTest {

  @Test
  void a_plan_that_can_be_run_has_nothing_to_say() {
    assertEquals(
        List.of(),
        NotExecutedYet.of(PlanCases.plan(PlanCases.HEAD + "steps:\n  - uses: process.stop\n")));
  }

  @Test
  void everything_that_can_not_be_run_is_named_by_its_path() {
    ExecutionPlan plan =
        PlanCases.plan(
            PlanCases.HEAD
                + """
                steps:
                  - id: both
                    parallel:
                      left:
                        - id: look
                          manual: { items: [Look] }
                      right:
                        - id: all
                          each:
                            in: [1, 2]
                            as: n
                            steps:
                              - id: stop
                                uses: process.stop
                                onFailure: undo
                                undo: { uses: process.stop }
                                probe: { uses: http.check, with: { url: "http://127.0.0.1/" }, expect: outputs.ok }
                """);
    List<String> found = NotExecutedYet.of(plan);
    assertEquals(2, found.size());
    assertTrue(found.get(0).startsWith("`both/left/look` is `manual`"), found.get(0));
    assertTrue(found.get(1).startsWith("`both/right/all/stop` has `probe`"), found.get(1));
  }

  @Test
  void what_child_runbooks_hold_is_named_too() {
    ExecutionPlan child =
        PlanCases.plan(PlanCases.HEAD + "steps:\n  - { id: look, manual: { items: [Look] } }\n");
    ExecutionPlan parent =
        Plans.plan(Plans.bare("validate", new PlannedStep.CallRunbook(child, Plans.json("{}"))));
    assertTrue(
        NotExecutedYet.of(parent).stream()
            .anyMatch(s -> s.startsWith("`validate/look` is `manual`")));
  }
}
