package dev.backout.runbook;

import dev.backout.runbook.YamlNode.Scalar;
import dev.backout.runbook.YamlNode.ScalarForm;

/**
 * Finds the characters of a scalar's value in the file again. Walks both side by side: what YAML
 * drops (indentation, folded line ends, quotes) is white space or an escape, so every visible
 * character is met exactly; only white space may be off within its own run.
 */
final class ScalarMap {
  private final String text;
  private final Scalar scalar;
  private int at;

  private ScalarMap(String text, Scalar scalar) {
    this.text = text;
    this.scalar = scalar;
    this.at = contentStart();
  }

  static TextMap of(SourceText source, Scalar scalar) {
    return new TextMap(source, new ScalarMap(source.text(), scalar).offsets());
  }

  private int[] offsets() {
    String value = scalar.text();
    int[] offsets = new int[value.length() + 1];
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (!isBlank(c)) {
        skipBlanks();
      }
      offsets[i] = Math.min(at, scalar.to());
      if (isBlank(c)) {
        passBlank(c);
      } else {
        at += width(c);
      }
    }
    offsets[value.length()] = Math.min(at, scalar.to());
    return offsets;
  }

  private int contentStart() {
    return switch (scalar.form()) {
      case PLAIN -> scalar.from();
      case SINGLE_QUOTED, DOUBLE_QUOTED -> scalar.from() + 1;
      case BLOCK -> {
        int lineEnd = text.indexOf('\n', scalar.from());
        yield lineEnd < 0 ? scalar.to() : lineEnd + 1;
      }
    };
  }

  private void skipBlanks() {
    while (at < scalar.to() && (isBlank(text.charAt(at)) || isEscapedLineEnd())) {
      at += isEscapedLineEnd() ? 2 : 1;
    }
  }

  /** A blank of the value: itself in the file, an escape, or the end of a folded line. */
  private void passBlank(char c) {
    if (scalar.form() == ScalarForm.DOUBLE_QUOTED && at < scalar.to() && text.charAt(at) == '\\') {
      at += width(c);
      return;
    }
    if (at < scalar.to() && isBlank(text.charAt(at))) {
      at++;
    }
  }

  /** How many characters of the file say the one at hand. */
  private int width(char c) {
    if (at >= scalar.to()) {
      return 0;
    }
    if (scalar.form() == ScalarForm.SINGLE_QUOTED && c == '\'') {
      return 2;
    }
    if (scalar.form() != ScalarForm.DOUBLE_QUOTED || text.charAt(at) != '\\') {
      return 1;
    }
    if (Character.isLowSurrogate(c)) {
      return 0;
    }
    return at + 1 >= text.length()
        ? 1
        : switch (text.charAt(at + 1)) {
          case 'x' -> 4;
          case 'u' -> 6;
          case 'U' -> 10;
          default -> 2;
        };
  }

  private boolean isEscapedLineEnd() {
    return scalar.form() == ScalarForm.DOUBLE_QUOTED
        && at + 1 < scalar.to()
        && text.charAt(at) == '\\'
        && (text.charAt(at + 1) == '\n' || text.charAt(at + 1) == '\r');
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }
}
