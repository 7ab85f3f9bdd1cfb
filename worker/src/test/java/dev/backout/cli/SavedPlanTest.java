package dev.backout.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.plan.ExecutionPlanBuilder;
import dev.backout.workflow.PlanPreview;
import dev.backout.workflow.StepPreview;
import java.util.List;
import org.junit.jupiter.api.Test;

class SavedPlanTest {
  private final SavedPlan saved =
      new SavedPlan(
          ExecutionPlanBuilder.builder().build(), preview("disk.check", disk(400, 27.0, 1_000)));

  @Test
  void aReadingThatIsAnotherNowMakesNoOtherPlan() {
    assertEquals(List.of(), saved.differences(preview("disk.check", disk(399, 26.9, 1_000))));
  }

  @Test
  void anOutputThatIsNoReadingAndIsAnotherNowDoes() {
    assertEquals(
        List.of("look.outputs.total: was `1000`, now `2000`"),
        saved.differences(preview("disk.check", disk(400, 27.0, 2_000))));
  }

  @Test
  void aReadingIsOneOfItsOwnActionOnly() {
    assertEquals(
        List.of(
            "look.outputs.free: was `400`, now `399`",
            "look.outputs.freePercent: was `27.0`, now `26.9`"),
        saved.differences(preview("sqlite.findBackup", disk(399, 26.9, 1_000))));
  }

  private static ObjectNode disk(long free, double percent, long total) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("free", free)
        .put("total", total)
        .put("freePercent", percent);
  }

  private static PlanPreview preview(String action, ObjectNode outputs) {
    StepPreview step =
        new StepPreview(
            "look", "look", "uses", action, "", false, List.of(), outputs, List.of(), null,
            List.of());
    return new PlanPreview("", List.of(), List.of(step), List.of(), List.of());
  }
}
