package dev.backout.plan;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.backout.catalog.ValueType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Types in JSON: a scalar is its word ({@code "duration"}), the others are objects with one key
 * ({@code {"listOf": "path"}}).
 */
final class ValueTypeModule extends SimpleModule {
  private static final long serialVersionUID = 1L;
  private static final String ANY = "any";

  ValueTypeModule() {
    addSerializer(ValueType.class, new Writer());
    addDeserializer(ValueType.class, new Reader<>(ValueType.class));
    addDeserializer(ValueType.Struct.class, new Reader<>(ValueType.Struct.class));
  }

  private static final class Writer extends StdSerializer<ValueType> {
    private static final long serialVersionUID = 1L;

    Writer() {
      super(ValueType.class);
    }

    @Override
    public void serialize(ValueType type, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (type instanceof ValueType.Any) {
        json.writeString(ANY);
      } else if (type instanceof ValueType.Scalar scalar) {
        json.writeString(word(scalar.kind()));
      } else {
        json.writeStartObject();
        writeComposite(type, json, provider);
        json.writeEndObject();
      }
    }

    private void writeComposite(ValueType type, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      if (type instanceof ValueType.OneOf words) {
        json.writeFieldName("oneOf");
        json.writeArray(words.values().toArray(String[]::new), 0, words.values().size());
      } else if (type instanceof ValueType.ListOf list) {
        json.writeFieldName("listOf");
        serialize(list.element(), json, provider);
      } else if (type instanceof ValueType.MapOf map) {
        json.writeFieldName("mapOf");
        serialize(map.value(), json, provider);
      } else if (type instanceof ValueType.Struct struct) {
        writeFields(struct, json, provider);
      }
    }

    private void writeFields(
        ValueType.Struct struct, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeObjectFieldStart("fields");
      for (Map.Entry<String, ValueType.Field> entry : struct.fields().entrySet()) {
        json.writeObjectFieldStart(entry.getKey());
        json.writeFieldName("type");
        serialize(entry.getValue().type(), json, provider);
        if (entry.getValue().required()) {
          json.writeBooleanField("required", true);
        }
        if (!entry.getValue().description().isEmpty()) {
          json.writeStringField("description", entry.getValue().description());
        }
        String defaultValue = entry.getValue().defaultValue();
        if (defaultValue != null) {
          json.writeStringField("default", defaultValue);
        }
        json.writeEndObject();
      }
      json.writeEndObject();
    }
  }

  private static final class Reader<T extends ValueType> extends StdDeserializer<T> {
    private static final long serialVersionUID = 1L;
    private final Class<T> wanted;

    Reader(Class<T> wanted) {
      super(wanted);
      this.wanted = wanted;
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
      ValueType type = read(parser.readValueAsTree(), parser);
      if (!wanted.isInstance(type)) {
        throw JsonMappingException.from(parser, "expected a struct, found " + type);
      }
      return wanted.cast(type);
    }

    private static ValueType read(JsonNode json, JsonParser parser) throws JsonMappingException {
      if (json.isTextual()) {
        return named(json.textValue());
      }
      if (json.has("oneOf")) {
        List<String> words = new ArrayList<>();
        json.get("oneOf").forEach(word -> words.add(word.asText()));
        return new ValueType.OneOf(words);
      }
      if (json.has("listOf")) {
        return new ValueType.ListOf(read(json.get("listOf"), parser));
      }
      if (json.has("mapOf")) {
        return new ValueType.MapOf(read(json.get("mapOf"), parser));
      }
      if (json.has("fields")) {
        return fields(json.get("fields"), parser);
      }
      throw JsonMappingException.from(parser, "expected a type, found " + json);
    }

    private static ValueType.Struct fields(JsonNode json, JsonParser parser)
        throws JsonMappingException {
      Map<String, ValueType.Field> fields = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : json.properties()) {
        JsonNode field = entry.getValue();
        JsonNode defaultValue = field.get("default");
        fields.put(
            entry.getKey(),
            new ValueType.Field(
                read(field.path("type"), parser),
                field.path("description").asText(""),
                field.path("required").asBoolean(false),
                defaultValue == null ? null : defaultValue.asText()));
      }
      return new ValueType.Struct(fields);
    }
  }

  private static String word(ValueType.ScalarKind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** A word of a later release is taken as anything. */
  private static ValueType named(String word) {
    for (ValueType.ScalarKind kind : ValueType.ScalarKind.values()) {
      if (word(kind).equals(word)) {
        return new ValueType.Scalar(kind);
      }
    }
    return new ValueType.Any();
  }
}
