package dev.backout.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;
import dev.backout.runbook.expression.EvaluationException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScopeTest {
  private static final ValueType.Struct BACKUP =
      Plans.struct(
          "path", ScalarKind.PATH,
          "takenAt", ScalarKind.TIMESTAMP,
          "age", ScalarKind.DURATION,
          "size", ScalarKind.SIZE,
          "sound", ScalarKind.BOOLEAN,
          "pids", new ValueType.ListOf(Plans.scalar(ScalarKind.INTEGER)));

  private final Scope scope =
      Scope.of(Plans.full())
          .withRun("run-1", "signal-harvester", "ada")
          .withStep(
              "backup",
              true,
              Plans.json(
                  "{'path': '/b/1.db', 'takenAt': '2026-01-31T10:30:00+01:00', 'age': '1h30m',"
                      + " 'size': '1MiB', 'sound': true, 'pids': [7, 9]}"),
              BACKUP);

  @Test
  void a_whole_expression_keeps_its_type() {
    assertEquals(
        Plans.json(
            "{'p': '/b/1.db', 'n': 1048576, 'b': true, 'l': [7, 9], 'a': '1h30m', 't':"
                + " '2026-01-31T09:30:00Z'}"),
        scope.render(
            Plans.json(
                "{'p': '${{ steps.backup.outputs.path }}', 'n': '${{steps.backup.outputs.size}}',"
                    + " 'b': '${{ steps.backup.outputs.sound }}', 'l': '${{ steps.backup.outputs.pids"
                    + " }}', 'a': '${{ steps.backup.outputs.age }}', 't': '${{"
                    + " steps.backup.outputs.takenAt }}'}")));
  }

  @Test
  void expressions_within_a_text_become_text() {
    assertEquals(
        "/srv/app/var since 2026-01-31T09:30:00Z, 1h30m ago, 2 pids, by ada on signal-harvester",
        scope.renderText(
            "${{ inputs.home }}/var since ${{ steps.backup.outputs.takenAt }},"
                + " ${{ steps.backup.outputs.age }} ago, ${{ size(steps.backup.outputs.pids) }} pids,"
                + " by ${{ run.startedBy }} on ${{ run.target }}"));
  }

  @Test
  void values_that_are_no_templates_are_left_as_they_are() {
    JsonNode plain = Plans.json("{'a': [1, 2.5, true, null, 'x'], 'b': {'c': '$HOME {{ x }}'}}");
    assertEquals(plain, scope.render(plain));
  }

  @Test
  void an_opening_in_quotes_stands_for_itself() {
    assertEquals("${{ a }} and $1", scope.renderText("${{ '${{' }} a }} and $${{ 1 }}"));
  }

  @Test
  void braces_and_quotes_within_an_expression_do_not_end_it() {
    assertEquals(
        Plans.json("{'x': {'a': {'b': '}}'}}}"),
        scope.render(
            Plans.json("{'x': '${{ {\\'a\\': {\\'b\\': \\'}}\\'}} }}'}".replace("\\'", "\\\""))));
  }

  @Test
  void durations_and_times_can_be_compared_and_added() {
    assertTrue(scope.test("steps.backup.outputs.age < inputs.maxAge"));
    assertTrue(
        scope.test(
            "steps.backup.outputs.takenAt + duration('1h') == timestamp('2026-01-31T10:30:00Z')"));
    assertFalse(scope.test("steps.backup.outputs.size > 2 * 1048576"));
  }

  @Test
  void a_skipped_step_is_not_done_and_its_outputs_are_empty() {
    Scope after = scope.withStep("drain", false, null, BACKUP);
    assertFalse(after.test("steps.drain.done"));
    assertFalse(after.test("has(steps.drain.outputs.path)"));
    assertEquals(
        "none", after.renderText("${{ steps.drain.done ? steps.drain.outputs.path : 'none' }}"));
  }

  @Test
  void an_optional_value_that_is_not_there_leaves_its_field_out() {
    assertEquals(
        Plans.json("{'there': '/srv/app'}"),
        scope.render(
            Plans.json("{'there': '${{ inputs.?home }}', 'not': '${{ inputs.?nothing }}'}")));
  }

  @Test
  void the_elements_of_each_come_from_a_template() {
    assertEquals(
        List.of(Plans.json("7"), Plans.json("9")),
        scope.list(Plans.json("'${{ steps.backup.outputs.pids }}'")));
    assertEquals(
        List.of(Plans.json("'api'"), Plans.json("'/srv/app'")),
        scope.list(Plans.json("['api', '${{ inputs.home }}']")));
  }

  @Test
  void a_variable_keeps_its_type() {
    Scope inside =
        scope.withVariable("pause", Plans.json("'90s'"), Plans.scalar(ScalarKind.DURATION));
    assertTrue(inside.test("pause > duration('1m')"));
  }

  @Test
  void outputs_are_what_the_step_just_gave() {
    assertTrue(
        scope
            .withOutputs(Plans.json("{'age': '5m'}"), BACKUP)
            .test("outputs.age == duration('5m') && steps.backup.done"));
  }

  @Test
  void what_a_step_that_has_not_run_gives_is_awaited_and_not_guessed() {
    JsonNode template = Plans.json("{'x': ['${{ steps.restore.outputs.rows + 1 }}']}");
    assertEquals(Set.of("restore"), scope.waitsFor(template));
    assertEquals(Set.of(), scope.waitsFor(Plans.json("'${{ steps.backup.done }}'")));
    EvaluationException e = assertThrows(EvaluationException.class, () -> scope.render(template));
    assertEquals(
        "The expression `steps.restore.outputs.rows + 1` needs what `restore` gives, and that has"
            + " not run.",
        e.getMessage());
  }

  @Test
  void an_expression_without_a_value_says_which_and_why() {
    EvaluationException e =
        assertThrows(
            EvaluationException.class, () -> scope.test("steps.backup.outputs.pids[5] == 1"));
    assertEquals(
        "The expression `steps.backup.outputs.pids[5] == 1` has no value: Index out of bounds: 5.",
        e.getMessage());
  }

  @Test
  void a_condition_that_is_no_truth_value_says_what_it_is() {
    EvaluationException e =
        assertThrows(EvaluationException.class, () -> scope.test("steps.backup.outputs.path"));
    assertEquals(
        "The expression `steps.backup.outputs.path` must be true or false, and is `\"/b/1.db\"`.",
        e.getMessage());
  }

  @Test
  void outputs_of_the_wrong_type_are_refused() {
    EvaluationException e =
        assertThrows(
            EvaluationException.class,
            () -> scope.withStep("x", true, Plans.json("{'age': 'soon'}"), BACKUP));
    assertEquals("Expected a duration such as 90s, found `\"soon\"`.", e.getMessage());
  }
}
