package dev.backout.runbook.expression;

import dev.backout.runbook.Suggestion;
import dev.cel.common.CelIssue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** CEL's own complaints, in the words of the language. */
final class CelIssues {
  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*");
  private static final Pattern UNDEFINED = Pattern.compile("undefined field '([^']*)'.*");
  private static final Pattern NO_OVERLOAD =
      Pattern.compile(
          "found no matching overload for '([^']*)' applied to '(?:(.*?)\\.)?\\((.*?)\\)'(?: \\(candidates.*)?",
          Pattern.DOTALL);
  private static final Pattern NO_FIELDS =
      Pattern.compile("type '(.*)' does not support field selection.*");

  private final String cel;
  private final Names names;

  CelIssues(String cel, Names names) {
    this.cel = cel;
    this.names = names;
  }

  /** A text that is not CEL: only the first complaint, since the others follow from it. */
  Problem syntax(CelIssue issue) {
    int at = offset(issue);
    String message = issue.getMessage();
    String found = at >= cel.length() ? "its end" : "`" + cel.charAt(at) + "`";
    if (message.contains("token recognition error")) {
      return new Problem(
          at,
          at + 1,
          "not-an-expression",
          "There is a text that is not closed, or a sign that expressions don't have: " + found,
          null);
    }
    String detail =
        message.contains("mismatched input")
                || message.contains("extraneous input")
                || message.contains("no viable alternative")
                || message.contains("missing")
            ? at >= cel.length()
                ? "The expression ends where more is expected"
                : "The expression can't go on with " + found
            : "This is not an expression: " + firstLine(message);
    return new Problem(
        Math.min(at, Math.max(0, cel.length() - 1)), at + 1, "not-an-expression", detail, null);
  }

  Problem type(CelIssue issue) {
    int at = offset(issue);
    String message = issue.getMessage();
    Matcher matcher = UNDECLARED.matcher(message);
    if (matcher.matches()) {
      return undeclared(at, matcher.group(1));
    }
    matcher = UNDEFINED.matcher(message);
    if (matcher.matches()) {
      String name = matcher.group(1);
      int from = Math.max(at, cel.indexOf(name, at));
      return problem(from, name, "unknown-field", "There is no field `" + name + "`", null);
    }
    matcher = NO_OVERLOAD.matcher(message);
    if (matcher.matches()) {
      return noOverload(at, matcher.group(1), types(matcher.group(2), matcher.group(3)));
    }
    matcher = NO_FIELDS.matcher(message);
    if (matcher.matches()) {
      return new Problem(
          at, at + 1, "wrong-type", "There are no fields in " + word(matcher.group(1)), null);
    }
    return new Problem(at, at + 1, "wrong-type", firstLine(message), null);
  }

  private Problem undeclared(int at, String name) {
    if (names.stepIds().contains(name)) {
      return problem(
          at,
          name,
          "unknown-name",
          "There is nothing called `" + name + "` here",
          "A step is called `steps." + name + "`");
    }
    if (name.equals(Names.OUTPUTS)) {
      return problem(
          at,
          name,
          "unknown-name",
          "`outputs` stands only in `expect`, `until` and `undo`",
          "Elsewhere write `steps.ID.outputs`");
    }
    if (cel.startsWith("(", at)) {
      return problem(
          Math.max(0, at - name.length()),
          name,
          "unknown-function",
          "There is no function `" + name + "`",
          null);
    }
    Optional<String> nearest = Suggestion.nearest(name, names.variables().keySet());
    return problem(
        at,
        name,
        "unknown-name",
        "There is nothing called `" + name + "` here",
        nearest
            .map(word -> "Did you mean `" + word + "`?")
            .orElse("There are `" + String.join("`, `", names.variables().keySet()) + "`"));
  }

  private Problem noOverload(int at, String function, List<String> types) {
    String shown = function.replaceAll("^@?_?([^_]+)_?$", "$1");
    if (function.equals("_?_:_")) {
      return new Problem(
          at,
          at + 1,
          "wrong-type",
          "`?:` takes a condition and two values of one type, found "
              + types.stream().map(CelIssues::word).collect(Collectors.joining(", ")),
          null);
    }
    shown = function.equals("_[_]") ? "[ ]" : function.equals("@in") ? "in" : shown;
    String found = types.stream().map(CelIssues::word).collect(Collectors.joining(" and "));
    int from = cel.startsWith("(", at) ? Math.max(0, at - shown.length()) : at;
    return new Problem(
        from,
        from + (cel.startsWith(shown, from) ? shown.length() : 1),
        "wrong-type",
        "`" + shown + "` does not take " + (found.isEmpty() ? "nothing" : found),
        hint(function, types));
  }

  private static @Nullable String hint(String function, List<String> types) {
    boolean duration = types.stream().anyMatch(type -> type.endsWith("Duration"));
    boolean time = types.stream().anyMatch(type -> type.endsWith("Timestamp"));
    boolean text = types.contains("string");
    boolean number = types.contains("int") || types.contains("double");
    if (duration && (text || number)) {
      return "A duration is written `duration('90s')`";
    }
    if (time && text) {
      return "A time is written `timestamp('2026-01-31T09:30:00Z')`";
    }
    return function.equals("_+_") && text ? "`string(…)` makes text of a value" : null;
  }

  /** The types in {@code int, list(string)}, that of the receiver first. */
  private static List<String> types(@Nullable String receiver, String text) {
    List<String> types = new ArrayList<>();
    if (receiver != null) {
      types.add(receiver);
    }
    int depth = 0;
    StringBuilder type = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && depth == 0) {
        types.add(type.toString().strip());
        type.setLength(0);
      } else {
        type.append(c);
      }
    }
    if (!type.toString().isBlank()) {
      types.add(type.toString().strip());
    }
    return types;
  }

  private static String word(String type) {
    if (type.startsWith("list(")) {
      return "a list";
    }
    if (type.startsWith("map(") || type.startsWith(CelTypes.NAME_PREFIX)) {
      return "an object";
    }
    if (type.startsWith("optional_type(")) {
      return "an optional value";
    }
    return switch (type) {
      case "int", "uint" -> "a whole number";
      case "double" -> "a number";
      case "string" -> "text";
      case "bool" -> "true or false";
      case "bytes" -> "bytes";
      case "google.protobuf.Duration", "duration", "Duration" -> "a duration";
      case "google.protobuf.Timestamp", "timestamp", "Timestamp" -> "a time";
      case "null", "null_type" -> "nothing";
      case "dyn", "any" -> "any value";
      default -> "`" + type + "`";
    };
  }

  private static Problem problem(
      int from, String name, String code, String message, @Nullable String hint) {
    return new Problem(from, from + name.length(), code, message, hint);
  }

  private int offset(CelIssue issue) {
    return Places.offset(
        cel, issue.getSourceLocation().getLine(), issue.getSourceLocation().getColumn());
  }

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse(message);
  }
}
