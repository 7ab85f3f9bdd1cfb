package dev.backout.runbook.expression;

import java.util.ArrayList;
import java.util.List;

/**
 * A text with expressions in it, as a plan holds it. <code>$${{</code> stands for a literal <code>
 * ${{</code>.
 *
 * @param parts in order; empty for the empty text
 */
public record TemplateText(List<Part> parts) {
  private static final String OPEN = "${{";
  private static final String CLOSE = "}}";
  private static final String LITERAL_OPEN = OPEN + " '" + OPEN + "' " + CLOSE;

  public sealed interface Part {}

  public record Text(String text) implements Part {}

  /**
   * An expression.
   *
   * @param source the CEL between the braces, without the space around it
   */
  public record Cel(String source) implements Part {}

  public TemplateText {
    parts = List.copyOf(parts);
  }

  public static boolean hasExpression(String text) {
    return text.contains(OPEN);
  }

  /**
   * Cuts a text into its parts.
   *
   * @throws EvaluationException if an expression is not closed, or empty
   */
  public static TemplateText parse(String text) {
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      if (text.startsWith(OPEN, at)) {
        flush(literal, parts);
        int close = closeOf(text, at + OPEN.length());
        if (close < 0) {
          throw new EvaluationException("In `" + text + "` a `${{` is not closed by `}}`.");
        }
        parts.add(cel(text, at, close));
        at = close + CLOSE.length();
      } else {
        literal.append(text.charAt(at++));
      }
    }
    flush(literal, parts);
    return new TemplateText(parts);
  }

  /** Whether it is one expression and nothing else, so that the value keeps its type. */
  public boolean isWholeExpression() {
    return parts.size() == 1 && parts.get(0) instanceof Cel;
  }

  public List<String> expressions() {
    return parts.stream().filter(Cel.class::isInstance).map(part -> ((Cel) part).source()).toList();
  }

  /** The text that parses to this. */
  public String text() {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      if (part instanceof Cel cel) {
        text.append(OPEN).append(' ').append(cel.source()).append(' ').append(CLOSE);
      } else if (part instanceof Text literal) {
        text.append(literal.text().replace(OPEN, LITERAL_OPEN));
      }
    }
    return text.toString();
  }

  private static Cel cel(String text, int open, int close) {
    int from = open + OPEN.length();
    int to = close;
    while (from < to && Character.isWhitespace(text.charAt(from))) {
      from++;
    }
    while (to > from && Character.isWhitespace(text.charAt(to - 1))) {
      to--;
    }
    if (from == to) {
      throw new EvaluationException("In `" + text + "` a `${{ }}` has no expression in it.");
    }
    return new Cel(text.substring(from, to));
  }

  private static void flush(StringBuilder literal, List<Part> parts) {
    if (literal.length() > 0) {
      parts.add(new Text(literal.toString()));
      literal.setLength(0);
    }
  }

  /** The first {@code }}} that is neither in a string nor closes a map of the expression. */
  private static int closeOf(String text, int from) {
    int depth = 0;
    int at = from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"' || c == '\'') {
        at = endOfString(text, at);
        continue;
      }
      if (c == '{') {
        depth++;
      } else if (c == '}' && depth > 0) {
        depth--;
      } else if (text.startsWith(CLOSE, at)) {
        return at;
      }
      at++;
    }
    return -1;
  }

  private static int endOfString(String text, int from) {
    char quote = text.charAt(from);
    boolean raw = from > 0 && (text.charAt(from - 1) == 'r' || text.charAt(from - 1) == 'R');
    int at = from + 1;
    while (at < text.length() && text.charAt(at) != quote) {
      at += text.charAt(at) == '\\' && !raw ? 2 : 1;
    }
    return at + 1;
  }
}
