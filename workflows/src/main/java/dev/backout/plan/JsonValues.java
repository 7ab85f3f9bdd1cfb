package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.runbook.Located;
import dev.backout.runbook.SourceRange;
import dev.backout.runbook.Template;
import dev.backout.runbook.Value;
import java.util.ArrayList;
import java.util.List;

/** JSON that somebody gave as values of the model, so that one checker serves both. */
final class JsonValues {
  private static final SourceRange NOWHERE = SourceRange.START;

  private JsonValues() {}

  static Value toValue(JsonNode json) {
    if (json.isTextual()) {
      return new Value.Text(literal(json.textValue()), NOWHERE);
    } else if (json.isBoolean()) {
      return new Value.Bool(json.booleanValue(), NOWHERE);
    } else if (json.isIntegralNumber() && json.canConvertToLong()) {
      return new Value.Int(json.longValue(), NOWHERE);
    } else if (json.isNumber()) {
      return new Value.Number(json.decimalValue(), NOWHERE);
    } else if (json.isArray()) {
      List<Value> items = new ArrayList<>();
      json.forEach(item -> items.add(toValue(item)));
      return new Value.Items(items, NOWHERE);
    } else if (json.isObject()) {
      List<Value.Entry> entries = new ArrayList<>();
      json.properties()
          .forEach(
              entry ->
                  entries.add(
                      new Value.Entry(
                          new Located<>(entry.getKey(), NOWHERE), toValue(entry.getValue()))));
      return new Value.Fields(entries, NOWHERE);
    }
    return new Value.Null(NOWHERE);
  }

  private static Template literal(String text) {
    return new Template(
        text, text.isEmpty() ? List.of() : List.of(new Template.Literal(text)), NOWHERE);
  }
}
