package dev.backout.runbook.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.UnsignedLong;
import dev.backout.catalog.ValueType;
import dev.backout.runbook.Sizes;
import dev.cel.common.values.CelByteString;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** JSON to the values that CEL works with, and back. */
public final class CelValues {
  private static final ValueType ANY = new ValueType.Any();
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private CelValues() {}

  /**
   * Fields that are null are left out, as if they had not been given.
   *
   * @throws EvaluationException if the JSON is not of that type
   */
  public static Object toCel(JsonNode json, ValueType type) {
    if (type instanceof ValueType.Scalar scalar) {
      return scalarToCel(json, scalar.kind());
    }
    if (type instanceof ValueType.OneOf) {
      return text(json, "a word");
    }
    if (json.isArray()) {
      ValueType element = type instanceof ValueType.ListOf list ? list.element() : ANY;
      List<Object> values = new ArrayList<>();
      json.forEach(each -> values.add(toCel(each, element)));
      return values;
    }
    if (json.isObject()) {
      return objectToCel(json, type);
    }
    return anyToCel(json);
  }

  private static Map<String, Object> objectToCel(JsonNode json, ValueType type) {
    Map<String, Object> values = new LinkedHashMap<>();
    json.properties()
        .forEach(
            entry -> {
              if (!entry.getValue().isNull()) {
                values.put(
                    entry.getKey(), toCel(entry.getValue(), typeOfField(type, entry.getKey())));
              }
            });
    return values;
  }

  private static ValueType typeOfField(ValueType type, String name) {
    if (type instanceof ValueType.Struct struct) {
      ValueType.Field field = struct.fields().get(name);
      return field == null ? ANY : field.type();
    }
    return type instanceof ValueType.MapOf map ? map.value() : ANY;
  }

  private static Object scalarToCel(JsonNode json, ValueType.ScalarKind kind) {
    return switch (kind) {
      case STRING, PATH, URL, TEXT_OR_SECRET -> text(json, "text");
      case BOOLEAN -> bool(json);
      case INTEGER -> integer(json, "a whole number");
      case NUMBER -> number(json);
      case DURATION -> duration(json);
      case SIZE -> size(json);
      case TIMESTAMP -> timestamp(json);
    };
  }

  private static Object anyToCel(JsonNode json) {
    if (json.isTextual()) {
      return json.textValue();
    }
    if (json.isBoolean()) {
      return json.booleanValue();
    }
    if (json.isIntegralNumber()) {
      return integer(json, "a whole number");
    }
    if (json.isNumber()) {
      return json.doubleValue();
    }
    return dev.cel.common.values.NullValue.NULL_VALUE;
  }

  private static String text(JsonNode json, String expected) {
    return Optional.ofNullable(json.textValue()).orElseThrow(() -> wrong(expected, json));
  }

  private static Boolean bool(JsonNode json) {
    if (!json.isBoolean()) {
      throw wrong("true or false", json);
    }
    return json.booleanValue();
  }

  private static Long integer(JsonNode json, String expected) {
    if (!json.isIntegralNumber() || !json.canConvertToLong()) {
      throw wrong(expected, json);
    }
    return json.longValue();
  }

  private static Double number(JsonNode json) {
    if (!json.isNumber()) {
      throw wrong("a number", json);
    }
    return json.doubleValue();
  }

  private static Duration duration(JsonNode json) {
    return DurationText.parse(text(json, "a duration such as 90s"))
        .orElseThrow(() -> wrong("a duration such as 90s", json));
  }

  private static Long size(JsonNode json) {
    if (json.isTextual()) {
      return Sizes.parse(json.textValue()).orElseThrow(() -> wrong("a size such as 512MiB", json));
    }
    return integer(json, "a size such as 512MiB");
  }

  private static Instant timestamp(JsonNode json) {
    try {
      return OffsetDateTime.parse(text(json, "a time such as 2026-01-31T09:30:00Z")).toInstant();
    } catch (DateTimeParseException e) {
      throw wrong("a time such as 2026-01-31T09:30:00Z", json);
    }
  }

  private static EvaluationException wrong(String expected, JsonNode found) {
    return new EvaluationException("Expected " + expected + ", found `" + shortened(found) + "`.");
  }

  private static String shortened(JsonNode json) {
    String text = json.toString();
    return text.length() <= 80 ? text : text.substring(0, 79) + "…";
  }

  /**
   * Durations become {@code 90s}, timestamps RFC 3339.
   *
   * @return null for an optional value that is not there
   * @throws EvaluationException for what JSON has no form for, such as a type
   */
  public static @Nullable JsonNode toJson(@Nullable Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.isEmpty() ? null : toJson(optional.get());
    }
    if (value instanceof List<?> list) {
      return listToJson(list);
    }
    if (value instanceof Map<?, ?> map) {
      return mapToJson(map);
    }
    return scalarToJson(value);
  }

  private static JsonNode scalarToJson(@Nullable Object value) {
    if (value == null || value == dev.cel.common.values.NullValue.NULL_VALUE) {
      return JSON.nullNode();
    } else if (value instanceof String text) {
      return JSON.textNode(text);
    } else if (value instanceof Boolean bool) {
      return JSON.booleanNode(bool);
    } else if (value instanceof Long number) {
      return number(number);
    } else if (value instanceof UnsignedLong number) {
      return JSON.numberNode(number.bigIntegerValue());
    } else if (value instanceof Double number) {
      return JSON.numberNode(number);
    } else if (value instanceof Duration duration) {
      return JSON.textNode(DurationText.print(duration));
    } else if (value instanceof Instant instant) {
      return JSON.textNode(instant.toString());
    } else if (value instanceof CelByteString bytes) {
      return JSON.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }
    throw new EvaluationException(
        "Expected a value that JSON can carry, found a " + value.getClass().getSimpleName() + ".");
  }

  /** The node that reading the same number would give, so that they are equal. */
  private static JsonNode number(long number) {
    return number == (int) number ? JSON.numberNode((int) number) : JSON.numberNode(number);
  }

  private static ArrayNode listToJson(List<?> list) {
    ArrayNode array = JSON.arrayNode();
    for (Object element : list) {
      JsonNode json = toJson(element);
      if (json != null) {
        array.add(json);
      }
    }
    return array;
  }

  private static ObjectNode mapToJson(Map<?, ?> map) {
    ObjectNode object = JSON.objectNode();
    map.forEach(
        (key, value) -> {
          JsonNode json = toJson(value);
          if (json != null) {
            object.set(String.valueOf(key), json);
          }
        });
    return object;
  }
}
