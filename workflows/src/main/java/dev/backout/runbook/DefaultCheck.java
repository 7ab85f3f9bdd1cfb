package dev.backout.runbook;

import dev.backout.catalog.ValueType;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether an input's default is of the input's own type. */
final class DefaultCheck {
  private final boolean secret;
  private final Diagnostics diagnostics;

  private DefaultCheck(boolean secret, Diagnostics diagnostics) {
    this.secret = secret;
    this.diagnostics = diagnostics;
  }

  static void check(ValueType type, boolean secret, Value value, Diagnostics diagnostics) {
    new DefaultCheck(secret, diagnostics).check(type, value);
  }

  private void check(ValueType type, Value value) {
    if (value instanceof Value.Unreadable) {
      return;
    }
    if (value instanceof Value.Text text && !text.template().isLiteral()) {
      diagnostics.error(
          value.range(),
          "expression-not-allowed",
          "A default is read before a run and can't hold `${{ … }}`",
          "Write it out, or leave the default away and use an expression where the input is used");
      return;
    }
    if (type instanceof ValueType.ListOf list) {
      checkList(list, value);
    } else if (type instanceof ValueType.OneOf oneOf) {
      report(value, text(value) != null && oneOf.values().contains(text(value)), words(oneOf));
    } else if (type instanceof ValueType.Scalar scalar) {
      report(value, fits(scalar.kind(), value), label(scalar.kind()));
    }
  }

  private void checkList(ValueType.ListOf list, Value value) {
    if (value instanceof Value.Items items) {
      items.items().forEach(item -> check(list.element(), item));
    } else {
      report(value, false, "a list");
    }
  }

  private void report(Value value, boolean fits, String wanted) {
    if (!fits) {
      diagnostics.error(
          value.range(),
          "wrong-default",
          "The default must be " + wanted,
          secret ? "Secrets never stand in a runbook: name where the worker finds it" : null);
    }
  }

  private boolean fits(ValueType.ScalarKind kind, Value value) {
    String text = text(value);
    return switch (kind) {
      case STRING -> text != null;
      case INTEGER -> value instanceof Value.Int;
      case NUMBER -> value instanceof Value.Int || value instanceof Value.Number;
      case BOOLEAN -> value instanceof Value.Bool;
      case DURATION -> text != null && Durations.parse(text).isPresent();
      case SIZE ->
          value instanceof Value.Int size && size.value() >= 0
              || text != null && Sizes.parse(text).isPresent();
      case TIMESTAMP -> text != null && isTimestamp(text);
      case PATH -> text != null && !text.isBlank() && text.indexOf('\0') < 0;
      case URL -> text != null && isUrl(text);
      case TEXT_OR_SECRET ->
          text != null && (!secret || text.startsWith("secret:") && text.length() > 7);
    };
  }

  private String label(ValueType.ScalarKind kind) {
    return switch (kind) {
      case STRING -> "text; put it in quotes";
      case INTEGER -> "a whole number";
      case NUMBER -> "a number";
      case BOOLEAN -> "true or false";
      case DURATION -> "a duration such as 90s, 15m or 24h";
      case SIZE -> "a size such as 512MiB, or a number of bytes";
      case TIMESTAMP -> "a time such as 2026-01-31T03:00:00Z";
      case PATH -> "a path";
      case URL -> "an absolute URL such as http://127.0.0.1:8000";
      case TEXT_OR_SECRET -> secret ? "a reference such as secret:DATABASE_URL" : "text";
    };
  }

  private static String words(ValueType.OneOf oneOf) {
    return oneOf.values().stream()
        .map(word -> "`" + Shown.word(word) + "`")
        .collect(Collectors.joining(", ", "one of ", ""));
  }

  private static @Nullable String text(Value value) {
    return value instanceof Value.Text text ? text.template().text() : null;
  }

  private static boolean isTimestamp(String text) {
    try {
      OffsetDateTime.parse(text);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static boolean isUrl(String text) {
    try {
      return new URI(text).isAbsolute();
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
