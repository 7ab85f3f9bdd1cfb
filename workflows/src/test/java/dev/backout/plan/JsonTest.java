package dev.backout.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {

  @Test
  void a_plan_with_every_kind_of_step_comes_back_as_it_went() throws Exception {
    String text = Json.MAPPER.writeValueAsString(Plans.full());
    assertEquals(Plans.full(), Json.MAPPER.readValue(text, ExecutionPlan.class));
  }

  @Test
  void durations_are_ISO_8601_and_instants_RFC_3339() throws Exception {
    JsonNode plan = Json.MAPPER.valueToTree(Plans.full());
    assertEquals("PT15M", plan.get("rto").asText());
    assertEquals(
        "\"2026-01-31T09:30:00Z\"",
        Json.MAPPER.writeValueAsString(Instant.parse("2026-01-31T09:30:00Z")));
  }

  @Test
  void no_null_is_written() throws Exception {
    PlannedStep bare = Plans.step("x", new PlannedStep.Manual(List.of()), null);
    assertFalse(Json.MAPPER.writeValueAsString(bare).contains("null"));
    assertFalse(Json.MAPPER.writeValueAsString(bare).contains("when"));
  }

  @Test
  void what_kind_of_work_a_step_is_stands_in_its_type() {
    JsonNode steps = Json.MAPPER.valueToTree(Plans.full()).get("steps");
    List<String> types =
        steps.findValues("work").stream().map(w -> w.get("type").asText()).toList();
    assertTrue(
        types.containsAll(
            List.of("uses", "checkpoint", "manual", "parallel", "each", "runbook", "wait")));
  }

  @Test
  void unknown_properties_are_passed_over_and_missing_lists_are_empty() throws Exception {
    ObjectNode old = Json.MAPPER.valueToTree(Plans.full());
    old.put("fromTheFuture", 1);
    old.remove("followUps");
    old.remove("outputs");
    ExecutionPlan read = Json.MAPPER.treeToValue(old, ExecutionPlan.class);
    assertEquals(List.of(), read.followUps());
    assertEquals(Map.of(), read.outputs());
  }

  @Test
  void every_value_type_comes_back_as_it_went() throws Exception {
    for (ScalarKind kind : ScalarKind.values()) {
      assertRoundTrip(new ValueType.Scalar(kind));
    }
    assertRoundTrip(new ValueType.Any());
    assertRoundTrip(new ValueType.OneOf(List.of("quick", "full")));
    assertRoundTrip(new ValueType.MapOf(new ValueType.ListOf(new ValueType.Any())));
    assertRoundTrip(
        new ValueType.Struct(
            Map.of("a", new ValueType.Field(Plans.scalar(ScalarKind.SIZE), "Bytes.", false, "1"))));
  }

  private static void assertRoundTrip(ValueType type) throws Exception {
    assertEquals(
        type, Json.MAPPER.readValue(Json.MAPPER.writeValueAsString(type), ValueType.class));
  }
}
