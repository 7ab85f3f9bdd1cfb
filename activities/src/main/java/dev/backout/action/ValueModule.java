package dev.backout.action;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.function.Function;

/** The JSON forms of the types that inputs and outputs may have. */
final class ValueModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  ValueModule() {
    text(Duration.class, Durations::parse, Durations::print);
    text(Instant.class, ValueModule::instant, Instant::toString);
    text(Path.class, ValueModule::path, Path::toString);
    text(URI.class, ValueModule::uri, URI::toString);
    text(TextOrSecret.class, TextOrSecret::new, TextOrSecret::text);
    addDeserializer(ByteSize.class, new SizeReader());
    addSerializer(ByteSize.class, new SizeWriter());
  }

  /** The word for an enum's constant in YAML and JSON: {@code LAST_WRITE} is {@code lastWrite}. */
  static String word(Enum<?> constant) {
    StringBuilder word = new StringBuilder();
    for (String part : constant.name().toLowerCase(Locale.ROOT).split("_", -1)) {
      word.append(
          word.isEmpty()
              ? part
              : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
    }
    return word.toString();
  }

  private <T> void text(Class<T> type, Function<String, T> reader, Function<T, String> writer) {
    addDeserializer(type, new TextReader<>(type, reader));
    addSerializer(type, new TextWriter<>(writer));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "expected a time such as 2026-01-31T03:00:00Z, found '" + text + "'", e);
    }
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "expected a path, found '" + text + "': " + e.getReason(), e);
    }
  }

  private static URI uri(String text) {
    URI uri = URI.create(text);
    if (!uri.isAbsolute()) {
      throw new IllegalArgumentException("expected an absolute URL, found '" + text + "'");
    }
    return uri;
  }

  private static final class TextReader<T> extends JsonDeserializer<T> {
    private final Class<T> type;
    private final Function<String, T> reader;

    TextReader(Class<T> type, Function<String, T> reader) {
      this.type = type;
      this.reader = reader;
    }

    @Override
    public T deserialize(JsonParser json, DeserializationContext context) throws IOException {
      boolean scalar =
          json.currentToken().isScalarValue() && json.currentToken() != JsonToken.VALUE_NULL;
      if (!scalar) {
        return type.cast(context.handleUnexpectedToken(type, json));
      }
      try {
        return reader.apply(json.getText());
      } catch (IllegalArgumentException e) {
        throw context.weirdStringException(json.getText(), type, e.getMessage());
      }
    }
  }

  private static final class TextWriter<T> extends JsonSerializer<T> {
    private final Function<T, String> writer;

    TextWriter(Function<T, String> writer) {
      this.writer = writer;
    }

    @Override
    public void serialize(T value, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeString(writer.apply(value));
    }
  }

  private static final class SizeReader extends JsonDeserializer<ByteSize> {
    @Override
    public ByteSize deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      try {
        return json.currentToken() == JsonToken.VALUE_NUMBER_INT
            ? new ByteSize(json.getLongValue())
            : ByteSize.parse(json.getText());
      } catch (IllegalArgumentException | ArithmeticException e) {
        throw context.weirdStringException(json.getText(), ByteSize.class, e.getMessage());
      }
    }
  }

  private static final class SizeWriter extends JsonSerializer<ByteSize> {
    @Override
    public void serialize(ByteSize size, JsonGenerator json, SerializerProvider provider)
        throws IOException {
      json.writeNumber(size.bytes());
    }
  }
}
