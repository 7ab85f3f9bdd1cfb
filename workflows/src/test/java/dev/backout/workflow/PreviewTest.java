package dev.backout.workflow;

import static dev.backout.workflow.Sketch.each;
import static dev.backout.workflow.Sketch.expecting;
import static dev.backout.workflow.Sketch.gate;
import static dev.backout.workflow.Sketch.json;
import static dev.backout.workflow.Sketch.manual;
import static dev.backout.workflow.Sketch.named;
import static dev.backout.workflow.Sketch.neverWithRows;
import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.reads;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Sketch.when;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.catalog.Repeatability;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.ExecutionPlan.PlannedTrigger;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.TakeBackPlan;
import dev.backout.workflow.PlanPreview.TriggerPreview;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PreviewTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void nothing_but_previews_and_reading_actions_is_called() {
    stage
        .gives("preview:find", "{'summary': 'Found 1.db', 'changes': false, 'details': []}")
        .gives("find", "{'path': '/b/1.db'}")
        .gives(
            "preview:edit",
            "{'summary': 'Would change 1 line', 'changes': true, 'details': [{'kind': 'DIFF',"
                + " 'title': '.env', 'lines': ['-A', '+B']}], 'outputs': {'lines': 1}}")
        .gives("preview:restore", "{'summary': 'Would restore', 'changes': true, 'details': []}");
    PlanPreview preview =
        stage.starter.preview(
            plan(
                List.of(reads("backup", "find")),
                List.of(
                    safe("edit", "edit"),
                    safe(
                        "restore",
                        "restore",
                        "{'from': '${{ steps.backup.outputs.path }}', 'n': '${{ steps.edit.outputs.lines }}'}"),
                    safe("count", "count", "{'x': '${{ steps.restore.outputs.rows }}'}"))));
    assertEquals(
        List.of("preview:find", "find", "preview:edit", "preview:restore"), stage.actions());
    assertEquals(json("{'path': '/b/1.db'}"), preview.preflight().get(0).outputs());
    assertEquals(json("{'from': '/b/1.db', 'n': 1}"), stage.calls.get(3).input());
    assertEquals(StepPreview.Kind.DIFF, preview.steps().get(0).details().get(0).kind());
    StepPreview depends = preview.steps().get(2);
    assertEquals(List.of("restore"), depends.dependsOn());
    assertEquals("Depends on `restore`, which has not run.", depends.summary());
    assertTrue(depends.changes());
  }

  @Test
  void a_check_that_is_compared_with_what_a_step_before_gives_is_no_problem_before_that_has_run() {
    stage
        .gives("preview:restore", "{'summary': 'Would restore', 'changes': true, 'details': []}")
        .gives(
            "preview:count",
            "{'summary': '7 rows', 'changes': false, 'details': [], 'outputs': {'rows': 7}}");
    PlanPreview preview =
        stage.starter.preview(
            plan(
                neverWithRows("restore", "restore"),
                expecting(reads("count", "count"), "steps.restore.outputs.rows == 8")));
    StepPreview check = preview.steps().get(1);
    assertNull(check.problem());
    assertEquals("As things are now, before the other steps: 7 rows", check.summary());
  }

  @Test
  void what_an_undo_before_takes_away_is_no_problem_of_the_next_one() {
    String inUse =
        ", 'changes': true, 'details': [{'kind': 'PROBLEM', 'title': 'Would be refused now',"
            + " 'lines': ['app.db is in use by process 7']}]}";
    stage
        .gives("preview:first", "{'summary': 'Would put back'" + inUse)
        .gives("preview:later", "{'summary': 'Would put back'" + inUse)
        .does(
            "preview:gone",
            (input, call) -> {
              throw Stage.failure("PERMANENT", "There is no such release.");
            });
    PlanPreview preview =
        stage.starter.preview(
            TakeBackPlan.of(plan(), "run-1", List.of(back("first"), back("later"), back("gone"))));
    StepPreview first = preview.steps().get(0);
    assertEquals("Would be refused now app.db is in use by process 7", first.problem());
    StepPreview later = preview.steps().get(1);
    assertNull(later.problem());
    assertEquals("Would put back", later.summary());
    assertEquals(StepPreview.Kind.NOTE, later.details().get(0).kind());
    assertEquals("Would be refused now, before the steps above", later.details().get(0).title());
    StepPreview gone = preview.steps().get(2);
    assertNull(gone.problem());
    assertTrue(
        gone.summary().startsWith("As things are now, before the other steps: There is no such"),
        gone.summary());
  }

  private static PlannedStep back(String id) {
    return Sketch.step(
        "undo:" + id,
        new PlannedStep.TakeBack(id, Sketch.use(id, Repeatability.SAFE, "{}"), false, null));
  }

  @Test
  void what_a_person_will_do_is_shown_and_is_no_problem() {
    StepPreview manual =
        stage
            .starter
            .preview(plan(manual("tell", "Call ${{ inputs.home }}", "Write it down")))
            .steps()
            .get(0);
    assertNull(manual.problem());
    assertEquals("A person does it: Call /srv/shop; Write it down.", manual.summary());
  }

  @Test
  void a_step_whose_preview_fails_is_shown_with_its_problem_and_the_rest_goes_on() {
    stage
        .fails("preview:stop", "PERMANENT", "No such process.")
        .gives(
            "preview:start",
            "{'summary': 'Would start', 'changes': true, 'details': [{'kind':"
                + " 'PROBLEM', 'title': 'Port 80 is taken', 'lines': []}]}");
    PlanPreview preview = stage.starter.preview(plan(safe("stop", "stop"), safe("start", "start")));
    assertEquals("No such process.", preview.steps().get(0).problem());
    assertEquals("Port 80 is taken", preview.steps().get(1).problem());
  }

  @Test
  void an_answer_that_is_none_is_the_step_s_problem_and_the_rest_goes_on() {
    stage
        .gives("preview:stop", "{'summary': {'not': 'a text'}, 'changes': 'perhaps'}")
        .gives("preview:start", "{'summary': 'Would start', 'changes': true, 'details': []}");
    PlanPreview preview = stage.starter.preview(plan(safe("stop", "stop"), safe("start", "start")));
    String problem = String.valueOf(preview.steps().get(0).problem());
    assertTrue(problem.contains("the worker's answer can't be read"), problem);
    assertTrue(problem.contains("of the same version"), problem);
    assertEquals("Would start", preview.steps().get(1).summary());
  }

  @Test
  void a_preview_that_no_worker_takes_is_given_up_and_says_so() {
    String said =
        assertThrows(
                PreviewException.class,
                () -> new RunStarter(stage.client(), "nobody").preview(plan(safe("stop", "stop"))))
            .getMessage();
    assertTrue(said.contains("No worker takes work from the task queue `nobody`"), said);
  }

  @Test
  void a_worker_that_can_t_make_out_what_it_is_given_is_not_waited_for() {
    WorkerFactory factory = WorkerFactory.newInstance(stage.client());
    factory.newWorker("of another version").registerWorkflowImplementationTypes(CountsToTen.class);
    factory.start();
    try {
      RunStarter starter = new RunStarter(stage.client(), "of another version");
      ExecutionPlan plan = plan(safe("stop", "stop"));
      String said = assertThrows(PreviewException.class, () -> starter.preview(plan)).getMessage();
      assertTrue(said.contains("of the same version"), said);
    } finally {
      factory.shutdownNow();
    }
  }

  /** What another version might take a preview for. */
  @WorkflowInterface
  public interface Counts {
    @WorkflowMethod(name = PreviewWorkflow.TYPE)
    int count(int from);
  }

  public static final class CountsToTen implements Counts {
    @Override
    public int count(int from) {
      return 10;
    }
  }

  @Test
  void a_check_among_the_steps_says_what_it_finds_now_and_is_no_problem() {
    stage.fails("preview:check", "PERMANENT", "No answer.");
    StepPreview check = stage.starter.preview(plan(reads("check", "check"))).steps().get(0);
    assertNull(check.problem());
    assertTrue(check.summary().contains("No answer."), check.summary());
  }

  @Test
  void questions_conditions_groups_and_children_are_walked() {
    stage.does(
        "preview:act",
        (input, call) ->
            json(
                "{'summary': 'Would act on "
                    + input.path("on").asText()
                    + "', 'changes': true, 'details': []}"));
    PlanPreview preview =
        stage.starter.preview(
            plan(
                gate("agree", 2),
                when(safe("no", "act"), "inputs.home == ''"),
                when(safe("perhaps", "act"), "steps.unknown.outputs.x"),
                each(
                    "all",
                    "['a', 'b']",
                    1,
                    named(safe("one", "act", "{'on': '${{ it }}'}"), "One ${{ it }}")),
                Sketch.step(
                    "child", new PlannedStep.CallRunbook(plan(safe("in", "act")), json("{}")))));
    List<StepPreview> steps = preview.steps();
    assertEquals("May we go on with /srv/shop?", steps.get(0).summary());
    assertFalse(steps.get(0).changes());
    assertTrue(steps.get(1).summary().startsWith("Would be skipped"));
    assertTrue(steps.get(2).summary().startsWith("Only if"), steps.get(2).summary());
    assertEquals("Would act on b", steps.get(3).children().get(1).children().get(0).summary());
    assertEquals("One b", steps.get(3).children().get(1).children().get(0).name());
    assertEquals("child/in", steps.get(4).children().get(0).path());
  }

  @Test
  void triggers_hold_do_not_or_could_not_be_asked() {
    stage
        .gives("up", "{'ok': true}")
        .gives("down", "{'ok': false}")
        .fails("gone", "PERMANENT", "Connection refused.")
        .fails("odd", "NOT_ALLOWED", "This worker may not.");
    ExecutionPlan plan =
        plan()
            .withTriggers(List.of(trigger("up"), trigger("down"), trigger("gone"), trigger("odd")));
    List<TriggerPreview> triggers = stage.starter.preview(plan).triggers();
    assertEquals(false, triggers.get(0).holds());
    assertEquals(true, triggers.get(1).holds());
    assertEquals(true, triggers.get(2).holds());
    assertNull(triggers.get(3).holds());
    assertEquals("This worker may not.", triggers.get(3).explanation());
  }

  private static PlannedTrigger trigger(String action) {
    return new PlannedTrigger(
        action, Sketch.use(action, Repeatability.READ_ONLY, "{}"), List.of("outputs.ok"), null);
  }
}
