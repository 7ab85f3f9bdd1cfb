package dev.backout.workflow;

import static dev.backout.workflow.Sketch.plan;
import static dev.backout.workflow.Sketch.reads;
import static dev.backout.workflow.Sketch.safe;
import static dev.backout.workflow.Sketch.when;
import static dev.backout.workflow.Stage.step;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import io.temporal.client.WorkflowStub;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RunTest {
  private final Stage stage = new Stage();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void steps_run_in_order_and_see_what_came_before() {
    stage.gives("find", "{'path': '/b/1.db'}").gives("restore", "{'rows': 3}");
    WorkflowStub run =
        stage.start(
            Sketch.with(
                plan(
                    List.of(reads("backup", "find")),
                    List.of(
                        safe("stop", "stop"),
                        safe(
                            "restore",
                            "restore",
                            "{'from': '${{ steps.backup.outputs.path }}', 'to': '${{ inputs.home }}/app.db'}"),
                        when(safe("more", "more"), "steps.restore.outputs.rows > 3"))),
                Map.of("rows", "steps.restore.outputs.rows"),
                null));
    RunResult result = Stage.result(run);

    assertEquals(RunState.SUCCEEDED, result.state());
    assertEquals("2 steps done, 1 skipped.", result.outcome());
    assertEquals(Map.of("rows", Sketch.json("3")), result.outputs());
    assertEquals(List.of("find", "stop", "restore"), stage.actions());
    assertEquals(
        Sketch.json("{'from': '/b/1.db', 'to': '/srv/shop/app.db'}"), stage.calls.get(2).input());
    assertEquals("restore", stage.calls.get(2).call().step());
    RunStatus status = Stage.status(run);
    assertEquals(StepState.SKIPPED, step(status, "more").state());
    assertEquals(StepState.DONE, step(status, "backup").state());
    assertEquals(1, status.followUps().size());
  }
}
