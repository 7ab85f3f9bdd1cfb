package dev.backout.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;
import java.math.BigDecimal;

/**
 * A text of the command line as its input's type reads it; left a text where that can't be done.
 */
final class WrittenInput {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private WrittenInput() {}

  static JsonNode read(String text, ValueType type) {
    if (type instanceof ValueType.Scalar scalar) {
      return scalar(text, scalar.kind());
    } else if (type instanceof ValueType.ListOf list) {
      return list(text, list.element());
    } else if (type instanceof ValueType.OneOf) {
      return JSON.textNode(text);
    }
    return json(text);
  }

  private static JsonNode scalar(String text, ScalarKind kind) {
    try {
      return switch (kind) {
        case INTEGER -> JSON.numberNode(Long.parseLong(text));
        case NUMBER -> JSON.numberNode(new BigDecimal(text));
        case BOOLEAN ->
            text.equals("true") || text.equals("false")
                ? JSON.booleanNode(text.equals("true"))
                : JSON.textNode(text);
        default -> JSON.textNode(text);
      };
    } catch (NumberFormatException e) {
      return JSON.textNode(text);
    }
  }

  /** JSON, or {@code a,b,c}. */
  private static JsonNode list(String text, ValueType element) {
    if (text.startsWith("[")) {
      return json(text);
    }
    ArrayNode array = JSON.arrayNode();
    if (!text.isEmpty()) {
      for (String part : text.split(",", -1)) {
        array.add(read(part.strip(), element));
      }
    }
    return array;
  }

  private static JsonNode json(String text) {
    try {
      JsonNode read = Json.MAPPER.readTree(text);
      return read.isMissingNode() ? JSON.textNode(text) : read;
    } catch (JsonProcessingException e) {
      return JSON.textNode(text);
    }
  }
}
