package dev.backout.runbook;

import java.util.Optional;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * What the engine finds in a text, in its order; all that it can't read is a {@link
 * YamlEngineException}.
 */
final class YamlEvents {
  private final StreamReader reader;
  private final ParserImpl parser;

  YamlEvents(String text, CoreSchema schema) {
    // All at once: the engine throws where a surrogate pair lies across the end of its buffer.
    LoadSettings settings =
        LoadSettings.builder().setSchema(schema).setBufferSize(text.length() + 1).build();
    this.reader = new StreamReader(settings, text);
    this.parser = new ParserImpl(settings, reader);
  }

  Event next() {
    return marked(parser::next);
  }

  Event peek() {
    return marked(parser::peekEvent);
  }

  boolean isNext(Event.ID id) {
    return marked(() -> parser.checkEvent(id));
  }

  /** The engine lets through that an escape's digits are missing, or stand for no character. */
  private <T> T marked(Supplier<T> question) {
    try {
      return question.get();
    } catch (NumberFormatException e) {
      throw new ParserException(
          "",
          Optional.empty(),
          "found an escape character without a valid hexadecimal number",
          reader.getMark());
    }
  }
}
