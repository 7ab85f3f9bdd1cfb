package dev.backout.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.catalog.ValueType.ScalarKind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The catalog document, whose types are JSON Schema, to the language's own types. */
final class CatalogReader {
  private CatalogReader() {}

  static ActionCatalog read(InputStream json) throws IOException {
    try {
      JsonNode actions = new ObjectMapper().readTree(json).path("actions");
      if (!actions.isArray()) {
        throw new IOException("The catalog of actions has no list `actions`.");
      }
      Map<String, ActionSpec> byName = new LinkedHashMap<>();
      for (JsonNode action : actions) {
        ActionSpec spec = action(action);
        byName.put(spec.name(), spec);
      }
      return new ActionCatalog(Collections.unmodifiableMap(byName));
    } catch (JsonProcessingException e) {
      throw new IOException("The catalog of actions is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static ActionSpec action(JsonNode json) throws IOException {
    String name = text(json, "name", "an action");
    return new ActionSpec(
        name,
        json.path("summary").asText(""),
        json.path("description").asText(""),
        repeatability(text(json, "repeatability", name), name),
        json.path("because").asText(""),
        struct(json.path("inputs")),
        struct(json.path("outputs")),
        Set.copyOf(readings("", json.path("outputs"))),
        json.path("nothingToUndo").asBoolean());
  }

  private static Set<String> readings(String above, JsonNode schema) {
    Set<String> paths = new HashSet<>();
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      String path = above + field.getKey();
      if (field.getValue().path("x-reading").asBoolean()) {
        paths.add(path);
      }
      paths.addAll(readings(path + ".", field.getValue()));
      paths.addAll(readings(path + ".", field.getValue().path("items")));
    }
    return paths;
  }

  private static Repeatability repeatability(String word, String action) throws IOException {
    try {
      return Repeatability.valueOf(word);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "The catalog says `"
              + word
              + "` for the repeatability of `"
              + action
              + "`: expected one of "
              + List.of(Repeatability.values())
              + ".",
          e);
    }
  }

  private static String text(JsonNode json, String field, String owner) throws IOException {
    JsonNode value = json.path(field);
    if (!value.isTextual()) {
      throw new IOException("In the catalog, " + owner + " has no `" + field + "`.");
    }
    return value.textValue();
  }

  private static ValueType type(JsonNode schema) {
    if (schema.path("enum").isArray()) {
      return new ValueType.OneOf(texts(schema.path("enum")));
    }
    if (schema.has("format")) {
      ScalarKind kind = formatted(schema.path("format").asText());
      if (kind != null) {
        return new ValueType.Scalar(kind);
      }
    }
    return switch (schema.path("type").asText()) {
      case "string" -> new ValueType.Scalar(ScalarKind.STRING);
      case "integer" -> new ValueType.Scalar(ScalarKind.INTEGER);
      case "number" -> new ValueType.Scalar(ScalarKind.NUMBER);
      case "boolean" -> new ValueType.Scalar(ScalarKind.BOOLEAN);
      case "array" -> new ValueType.ListOf(type(schema.path("items")));
      case "object" -> object(schema);
      default -> new ValueType.Any();
    };
  }

  private static @Nullable ScalarKind formatted(String format) {
    return switch (format) {
      case "duration" -> ScalarKind.DURATION;
      case "size" -> ScalarKind.SIZE;
      case "date-time" -> ScalarKind.TIMESTAMP;
      case "path" -> ScalarKind.PATH;
      case "uri" -> ScalarKind.URL;
      case "text-or-secret" -> ScalarKind.TEXT_OR_SECRET;
      default -> null;
    };
  }

  private static ValueType object(JsonNode schema) {
    return schema.path("additionalProperties").isObject()
        ? new ValueType.MapOf(type(schema.path("additionalProperties")))
        : schema.has("properties") ? struct(schema) : new ValueType.MapOf(new ValueType.Any());
  }

  private static ValueType.Struct struct(JsonNode schema) {
    Set<String> required = new HashSet<>(texts(schema.path("required")));
    Map<String, ValueType.Field> fields = new LinkedHashMap<>();
    schema
        .path("properties")
        .properties()
        .forEach(
            entry ->
                fields.put(
                    entry.getKey(), field(entry.getValue(), required.contains(entry.getKey()))));
    return new ValueType.Struct(Collections.unmodifiableMap(fields));
  }

  private static ValueType.Field field(JsonNode schema, boolean required) {
    JsonNode defaultValue = schema.get("default");
    return new ValueType.Field(
        type(schema),
        schema.path("description").asText(""),
        required,
        defaultValue == null
            ? null
            : defaultValue.isTextual() ? defaultValue.textValue() : defaultValue.toString());
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return List.copyOf(texts);
  }
}
