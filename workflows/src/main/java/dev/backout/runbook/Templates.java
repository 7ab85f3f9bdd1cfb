package dev.backout.runbook;

import dev.backout.runbook.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a string into text and <code>${{ … }}</code>. */
final class Templates {
  static final String OPEN = "${{";
  static final String CLOSE = "}}";

  private Templates() {}

  static Template read(Scalar scalar, Reading reading) {
    String text = scalar.text();
    SourceRange range = reading.range(scalar);
    int open = text.indexOf(OPEN);
    if (open < 0) {
      List<Template.Part> parts = text.isEmpty() ? List.of() : List.of(new Template.Literal(text));
      return new Template(text, parts, range);
    }
    TextMap places = ScalarMap.of(reading.source(), scalar);
    List<Template.Part> parts = new ArrayList<>();
    int done = 0;
    while (open >= 0) {
      literal(text.substring(done, open), parts);
      int close = closing(text, open + OPEN.length());
      if (close < 0) {
        reading
            .diagnostics()
            .error(
                places.range(open, open + OPEN.length()),
                "unclosed-expression",
                "`${{` is never closed",
                "Close it with `}}`; text between quotes inside an expression doesn't count");
        return new Template(text, List.copyOf(parts), range);
      }
      Expression hole = expression(text, open + OPEN.length(), close, places, reading);
      if (hole != null) {
        parts.add(new Template.Hole(hole));
      }
      done = close + CLOSE.length();
      open = text.indexOf(OPEN, done);
    }
    literal(text.substring(done), parts);
    return new Template(text, List.copyOf(parts), range);
  }

  /** The CEL between two offsets without the white space around it; null if there is none. */
  static @Nullable Expression expression(
      String text, int from, int to, TextMap places, Reading reading) {
    int first = from;
    int last = to;
    while (first < last && Character.isWhitespace(text.charAt(first))) {
      first++;
    }
    while (last > first && Character.isWhitespace(text.charAt(last - 1))) {
      last--;
    }
    if (first == last) {
      reading
          .diagnostics()
          .error(
              places.range(
                  from >= OPEN.length() ? from - OPEN.length() : from, to + CLOSE.length()),
              "empty-expression",
              "`${{ }}` holds no expression",
              null);
      return null;
    }
    return new Expression(text.substring(first, last), places.slice(first, last));
  }

  private static void literal(String text, List<Template.Part> parts) {
    if (!text.isEmpty()) {
      parts.add(new Template.Literal(text));
    }
  }

  /** Where the closing braces stand: not those of a map literal, nor any between quotes. */
  static int closing(String text, int from) {
    int depth = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'' || c == '"') {
        i = quoteEnd(text, i);
        if (i < 0) {
          return -1;
        }
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && depth > 0) {
        depth--;
      } else if (c == '}' && text.startsWith(CLOSE, i)) {
        return i;
      }
    }
    return -1;
  }

  /** The last character of the CEL string that begins here; -1 if it doesn't end. */
  private static int quoteEnd(String text, int start) {
    char quote = text.charAt(start);
    String triple = String.valueOf(quote).repeat(3);
    boolean raw = start > 0 && (text.charAt(start - 1) == 'r' || text.charAt(start - 1) == 'R');
    String end = text.startsWith(triple, start) ? triple : String.valueOf(quote);
    for (int i = start + end.length(); i < text.length(); i++) {
      if (text.charAt(i) == '\\' && !raw) {
        i++;
      } else if (text.startsWith(end, i)) {
        return i + end.length() - 1;
      }
    }
    return -1;
  }
}
