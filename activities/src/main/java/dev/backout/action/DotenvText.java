package dev.backout.action;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a .env file as assignments and what stands between them; what isn't touched stays
 * byte for byte.
 */
public final class DotenvText {
  /**
   * An assignment from the start of its line to its end, with the line's end: the value is quoted,
   * and may then go over several lines, or it ends at a comment.
   */
  private static final Pattern ASSIGNMENT =
      Pattern.compile(
          "^(?<before>\uFEFF?[ \\t]*(?:export[ \\t]+)?(?<name>[A-Za-z_][A-Za-z0-9_.]*)[ \\t]*=[ \\t]*)"
              + "(?<value>'[^']*'|\"(?:\\\\.|[^\"\\\\])*+\"|[^\\r\\n#]*?(?:(?<=\\S)#[^\\r\\n]*?)*)"
              + "(?<after>[ \\t]*(?:#[^\\r\\n]*)?(?:\\r?\\n|\\z))",
          Pattern.MULTILINE | Pattern.DOTALL);

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,=?&~-]*");

  private static final Pattern QUOTED =
      Pattern.compile("'[^']*'|\"(?:\\\\.|[^\"\\\\])*+\"", Pattern.DOTALL);
  private static final Pattern ESCAPE = Pattern.compile("\\\\.", Pattern.DOTALL);
  private static final Pattern NOTHING =
      Pattern.compile("\uFEFF?[ \\t]*(?:#[^\\r\\n]*)?(?:\\r?\\n|\\z)");

  private final String text;
  private final String lineEnd;

  public DotenvText(String text, String lineEnd) {
    this.text = text;
    this.lineEnd = lineEnd;
  }

  public DotenvText without(String name) {
    StringBuilder kept = new StringBuilder();
    int end = 0;
    for (Assignment assignment : assignments(name)) {
      String mark = text.startsWith("\uFEFF") && assignment.start() == 0 ? "\uFEFF" : "";
      kept.append(text, end, assignment.start()).append(mark);
      end = assignment.end();
    }
    return new DotenvText(kept.append(text.substring(end)).toString(), lineEnd);
  }

  public DotenvText with(String name, String value) {
    List<Assignment> assignments = assignments(name);
    if (assignments.isEmpty()) {
      String gap = text.isEmpty() || text.endsWith("\n") ? "" : lineEnd;
      String last = text.isEmpty() || text.endsWith("\n") ? lineEnd : "";
      return new DotenvText(
          text + gap + name + "=" + quoted(value, Optional.empty()) + last, lineEnd);
    }
    Assignment counting = assignments.get(assignments.size() - 1);
    String old = text.substring(counting.valueStart(), counting.valueEnd());
    if (unquoted(old).equals(value)) {
      return this;
    }
    return new DotenvText(
        text.substring(0, counting.valueStart())
            + quoted(value, quoteOf(old))
            + text.substring(counting.valueEnd()),
        lineEnd);
  }

  /** The value that counts, quotes taken off, nothing expanded; empty if it isn't set. */
  public Optional<String> value(String name) {
    List<Assignment> found = assignments(name);
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(
            unquoted(
                text.substring(
                    found.get(found.size() - 1).valueStart(),
                    found.get(found.size() - 1).valueEnd())));
  }

  /**
   * The variables in their order; of one that is there several times the last counts. Nothing in a
   * value is expanded.
   *
   * @throws BadLine for the first line that is neither an assignment nor a comment nor empty
   */
  Map<String, String> variables() throws BadLine {
    Map<String, String> variables = new LinkedHashMap<>();
    Matcher assignment = ASSIGNMENT.matcher(text);
    Matcher nothing = NOTHING.matcher(text);
    for (int at = 0; at < text.length(); ) {
      if (nothing.region(at, text.length()).lookingAt()) {
        at = nothing.end();
      } else if (assignment.region(at, text.length()).lookingAt()) {
        String value = assignment.group("value");
        if (isLeftOpen(value)) {
          throw new BadLine(line(at), "a quote that is closed, and nothing but a comment after it");
        }
        if (value.indexOf('\0') >= 0) {
          throw new BadLine(line(at), "text without NUL");
        }
        variables.put(assignment.group("name"), unquoted(value));
        at = assignment.end();
      } else {
        throw new BadLine(line(at), "NAME=VALUE, a comment or an empty line");
      }
    }
    return variables;
  }

  /** Begins with a quote and isn't one quoted text: {@code 'a' b}. */
  private static boolean isLeftOpen(String value) {
    return (value.startsWith("'") || value.startsWith("\"")) && !QUOTED.matcher(value).matches();
  }

  private int line(int position) {
    return 1 + (int) text.substring(0, position).chars().filter(c -> c == '\n').count();
  }

  /** A line that can't be read; its text may be a secret and is not repeated. */
  static final class BadLine extends Exception {
    private static final long serialVersionUID = 1L;
    private final int line;
    private final String expected;

    BadLine(int line, String expected) {
      super("line " + line);
      this.line = line;
      this.expected = expected;
    }

    int line() {
      return line;
    }

    String expected() {
      return expected;
    }
  }

  private record Assignment(int start, int valueStart, int valueEnd, int end) {}

  private List<Assignment> assignments(String name) {
    List<Assignment> found = new ArrayList<>();
    Matcher matcher = ASSIGNMENT.matcher(text);
    // Every assignment is read, so that a line within another's quoted value is not taken for one.
    while (matcher.find()) {
      if (matcher.group("name").equals(name)) {
        found.add(
            new Assignment(
                matcher.start(), matcher.start("value"), matcher.end("value"), matcher.end()));
      }
    }
    return found;
  }

  private static Optional<Character> quoteOf(String value) {
    boolean quoted = value.length() > 1 && (value.startsWith("'") || value.startsWith("\""));
    return quoted ? Optional.of(value.charAt(0)) : Optional.empty();
  }

  private static String unquoted(String value) {
    Optional<Character> quote = quoteOf(value);
    if (quote.isEmpty()) {
      return value;
    }
    String inner = value.substring(1, value.length() - 1);
    return quote.get() == '\''
        ? inner
        : ESCAPE.matcher(inner).replaceAll(escape -> unescaped(escape.group()));
  }

  private static String unescaped(String escape) {
    String character =
        switch (escape.charAt(1)) {
          case 'n' -> "\n";
          case 'r' -> "\r";
          case 't' -> "\t";
          case '"', '\\', '$', '`' -> escape.substring(1);
          default -> escape;
        };
    return Matcher.quoteReplacement(character);
  }

  /** In the quotes that were there, if the value can stand in them. */
  private static String quoted(String value, Optional<Character> former) {
    boolean single = !value.contains("'");
    if (former.isEmpty() && PLAIN.matcher(value).matches()) {
      return value;
    }
    boolean expands = value.contains("$");
    if (single && (expands || former.map(quote -> quote == '\'').orElse(true))) {
      return "'" + value + "'";
    }
    return '"'
        + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("$", "\\$")
        + '"';
  }

  @Override
  public String toString() {
    return text;
  }
}
