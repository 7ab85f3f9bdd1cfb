package dev.backout.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.backout.catalog.ValueType.ScalarKind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ActionCatalogTest {

  @Test
  void every_form_in_the_document_has_its_type() throws IOException {
    ActionSpec spec =
        read("""
                {"actions": [{"name": "sqlite.findBackup", "class": "x.Y", "summary": "Finds it",
                  "description": "Long", "repeatability": "READ_ONLY", "because": "It reads.",
                  "inputs": {"type": "object", "required": ["directory"], "properties": {
                    "directory": {"type": "string", "format": "path", "description": "Where."},
                    "maxAge": {"type": "string", "format": "duration", "default": "24h"},
                    "limit": {"type": ["string", "integer"], "format": "size"},
                    "depth": {"type": "string", "enum": ["quick", "full"]},
                    "min": {"type": "integer", "default": 3},
                    "url": {"type": "string", "format": "text-or-secret"},
                    "set": {"type": "object", "additionalProperties": {"type": "string"}},
                    "tags": {"type": "array", "items": {"type": "number"}},
                    "more": {}}},
                  "outputs": {"type": "object", "required": ["best"], "properties": {
                    "best": {"type": "object", "properties": {
                      "takenAt": {"type": "string", "format": "date-time"},
                      "good": {"type": "boolean"}}}}}}]}
                """)
            .find("sqlite.findBackup")
            .orElseThrow();

    assertEquals(Repeatability.READ_ONLY, spec.repeatability());
    assertEquals(
        List.of("directory", "maxAge", "limit", "depth", "min", "url", "set", "tags", "more"),
        List.copyOf(spec.inputs().fields().keySet()));
    assertEquals(
        new ValueType.Field(new ValueType.Scalar(ScalarKind.PATH), "Where.", true, null),
        spec.inputs().fields().get("directory"));
    assertEquals(
        new ValueType.Field(new ValueType.Scalar(ScalarKind.DURATION), "", false, "24h"),
        spec.inputs().fields().get("maxAge"));
    assertEquals(new ValueType.Scalar(ScalarKind.SIZE), typeOf(spec, "limit"));
    assertEquals(new ValueType.OneOf(List.of("quick", "full")), typeOf(spec, "depth"));
    assertEquals("3", spec.inputs().fields().get("min").defaultValue());
    assertEquals(new ValueType.Scalar(ScalarKind.TEXT_OR_SECRET), typeOf(spec, "url"));
    assertEquals(new ValueType.MapOf(new ValueType.Scalar(ScalarKind.STRING)), typeOf(spec, "set"));
    assertEquals(
        new ValueType.ListOf(new ValueType.Scalar(ScalarKind.NUMBER)), typeOf(spec, "tags"));
    assertEquals(new ValueType.Any(), typeOf(spec, "more"));
    ValueType.Struct best = (ValueType.Struct) spec.outputs().fields().get("best").type();
    assertEquals(new ValueType.Scalar(ScalarKind.TIMESTAMP), best.fields().get("takenAt").type());
  }

  @Test
  void a_document_that_is_none_says_what_is_missing() {
    assertEquals(
        "The catalog of actions has no list `actions`.",
        assertThrows(IOException.class, () -> read("{}")).getMessage());
    assertEquals(
        "In the catalog, an action has no `name`.",
        assertThrows(IOException.class, () -> read("{\"actions\": [{}]}")).getMessage());
  }

  private static ValueType typeOf(ActionSpec spec, String input) {
    return spec.inputs().fields().get(input).type();
  }

  private static ActionCatalog read(String json) throws IOException {
    return ActionCatalog.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }
}
