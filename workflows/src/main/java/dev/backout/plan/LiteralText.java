package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;
import dev.backout.runbook.Diagnostics;
import dev.backout.runbook.Durations;
import dev.backout.runbook.Sizes;
import dev.backout.runbook.SourceRange;
import dev.backout.runbook.Suggestion;
import dev.backout.runbook.Template;
import dev.backout.runbook.expression.TypeText;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Texts without expressions, read as the field they go into asks, and written in one form: an hour
 * is {@code 1h}, however it was said.
 */
final class LiteralText {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String SECRET = "secret:";

  private final Diagnostics diagnostics;

  LiteralText(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  JsonNode read(Template template, ValueType type) {
    String text = literal(template);
    if (type instanceof ValueType.Scalar scalar) {
      return scalar(text, scalar.kind(), template.range());
    } else if (type instanceof ValueType.OneOf words) {
      return word(text, words.values(), template.range());
    } else if (!(type instanceof ValueType.Any)) {
      wrong(template.range(), "wrong-type", type, text, null);
    }
    return JSON.textNode(text);
  }

  static String literal(Template template) {
    return template.parts().stream()
        .map(part -> part instanceof Template.Literal literal ? literal.text() : "")
        .collect(Collectors.joining());
  }

  private JsonNode scalar(String text, ScalarKind kind, SourceRange range) {
    ValueType type = new ValueType.Scalar(kind);
    switch (kind) {
      case STRING, PATH -> plain(text, range);
      case URL -> url(text, range);
      case TEXT_OR_SECRET -> secret(text, range);
      case DURATION -> {
        Optional<String> duration = Durations.parse(text).map(Durations::print);
        if (duration.isPresent()) {
          return JSON.textNode(duration.get());
        }
        wrong(range, "wrong-value", type, text, "Such as `90s`, `15m`, `1h30m`, `7d`");
      }
      case SIZE -> {
        OptionalLong size = Sizes.parse(text);
        if (size.isPresent()) {
          return JSON.numberNode(size.getAsLong());
        }
        wrong(range, "wrong-value", type, text, "Such as `512MiB`, `2GB`, `4096`");
      }
      case TIMESTAMP -> {
        try {
          return JSON.textNode(OffsetDateTime.parse(text).toInstant().toString());
        } catch (DateTimeParseException e) {
          wrong(range, "wrong-value", type, text, "Such as `2026-01-31T09:30:00Z`");
        }
      }
      case INTEGER, NUMBER, BOOLEAN -> wrong(range, "wrong-type", type, text, unquoted(text, type));
    }
    return JSON.textNode(text);
  }

  private static @Nullable String unquoted(String text, ValueType type) {
    return WrittenInput.read(text, type).isTextual() ? null : "Write it without quotes";
  }

  private void plain(String text, SourceRange range) {
    if (text.startsWith(SECRET)) {
      diagnostics.error(
          range,
          "secret-in-plain-field",
          "This field is not made for a secret: it would stand in the run's history",
          "Use a field that takes `secret:NAME`");
    }
  }

  private void secret(String text, SourceRange range) {
    if (text.equals(SECRET)) {
      diagnostics.error(
          range, "wrong-value", "The secret has no name", "Write it as `secret:NAME`");
    }
  }

  private void url(String text, SourceRange range) {
    try {
      URI uri = new URI(text);
      if (uri.isAbsolute() && !uri.isOpaque() && uri.getAuthority() != null) {
        return;
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    wrong(
        range,
        "wrong-value",
        new ValueType.Scalar(ScalarKind.URL),
        text,
        "With its scheme and host, such as `http://127.0.0.1:8000/healthz`");
  }

  private JsonNode word(String text, List<String> words, SourceRange range) {
    if (!words.contains(text)) {
      wrong(
          range,
          "wrong-value",
          new ValueType.OneOf(words),
          text,
          Suggestion.nearest(text, words).map(word -> "Did you mean `" + word + "`?").orElse(null));
    }
    return JSON.textNode(text);
  }

  private void wrong(
      SourceRange range, String code, ValueType wanted, String text, @Nullable String hint) {
    String shown = text.length() <= 60 ? text : text.substring(0, 59) + "…";
    diagnostics.error(
        range,
        code,
        "Expected "
            + TypeText.one(wanted)
            + ", found the text \""
            + shown.replace('\n', ' ')
            + "\"",
        hint);
  }
}
