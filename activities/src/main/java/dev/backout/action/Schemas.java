package dev.backout.action;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The JSON Schema of an action's input or output record: the fields in their order, with what
 * {@link Doc} says of them.
 */
final class Schemas {
  private static final Map<Type, String> FORMATS =
      Map.of(
          Duration.class, "duration",
          Instant.class, "date-time",
          Path.class, "path",
          URI.class, "uri",
          TextOrSecret.class, "text-or-secret");

  private static final Map<Type, String> TYPES =
      Map.of(
          String.class, "string",
          int.class, "integer",
          Integer.class, "integer",
          long.class, "integer",
          Long.class, "integer",
          double.class, "number",
          Double.class, "number",
          boolean.class, "boolean",
          Boolean.class, "boolean");

  private Schemas() {}

  static ObjectNode of(Class<?> type) {
    ObjectNode schema = object("object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = ActionJson.MAPPER.createArrayNode();
    for (RecordComponent component : type.getRecordComponents()) {
      properties.set(component.getName(), field(component));
      if (ActionJson.isRequired(component)) {
        required.add(component.getName());
      }
    }
    schema.set("required", required);
    schema.put("additionalProperties", false);
    return schema;
  }

  private static ObjectNode field(RecordComponent component) {
    ObjectNode schema = of(component.getGenericType());
    Doc doc = component.getAnnotation(Doc.class);
    if (doc == null) {
      throw new IllegalStateException(
          component.getDeclaringRecord().getName() + "." + component.getName() + " has no @Doc");
    }
    schema.put("description", doc.value());
    if (!doc.defaultValue().isEmpty()) {
      schema.set("default", ActionJson.defaultOf(doc));
    }
    if (doc.reading()) {
      schema.put("x-reading", true);
    }
    return schema;
  }

  private static ObjectNode of(Type type) {
    if (FORMATS.containsKey(type)) {
      return object("string").put("format", FORMATS.get(type));
    }
    if (TYPES.containsKey(type)) {
      return object(TYPES.get(type));
    }
    if (type == ByteSize.class) {
      ObjectNode size = ActionJson.MAPPER.createObjectNode();
      size.putArray("type").add("string").add("integer");
      return size.put("format", "size");
    }
    if (type == Object.class || type == JsonNode.class) {
      return ActionJson.MAPPER.createObjectNode();
    }
    if (type instanceof ParameterizedType generic) {
      return container(generic);
    }
    if (type instanceof Class<?> plain && plain.isEnum()) {
      return words(plain);
    }
    if (type instanceof Class<?> plain && plain.isRecord()) {
      return of(plain);
    }
    throw new IllegalStateException("An input or output can't have the type " + type.getTypeName());
  }

  private static ObjectNode container(ParameterizedType type) {
    if (type.getRawType() == List.class) {
      ObjectNode list = object("array");
      list.set("items", of(type.getActualTypeArguments()[0]));
      return list;
    }
    if (type.getRawType() == Map.class && type.getActualTypeArguments()[0] == String.class) {
      ObjectNode map = object("object");
      map.set("additionalProperties", of(type.getActualTypeArguments()[1]));
      return map;
    }
    throw new IllegalStateException("An input or output can't have the type " + type.getTypeName());
  }

  private static ObjectNode words(Class<?> type) {
    ObjectNode schema = object("string");
    ArrayNode words = schema.putArray("enum");
    for (Object constant : type.getEnumConstants()) {
      words.add(ValueModule.word((Enum<?>) constant));
    }
    return schema;
  }

  private static ObjectNode object(String type) {
    return ActionJson.MAPPER.createObjectNode().put("type", type);
  }
}
