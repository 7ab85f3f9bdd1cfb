package dev.backout.runbook;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Diagnostics for people and for the log of a build. */
public final class DiagnosticRenderer {
  private static final String RESET = "\u001b[0m";
  private static final String BOLD = "\u001b[1m";
  private static final String RED = "\u001b[1;31m";
  private static final String YELLOW = "\u001b[1;33m";
  private static final String FAINT = "\u001b[2m";

  private DiagnosticRenderer() {}

  /**
   * Each with its source line and a mark under what is wrong; ends with a line end unless there are
   * none.
   *
   * @param sources the text of a file by its name; null where there is none, then no line is shown
   * @param colour whether to use ANSI colours
   */
  public static String text(
      List<Diagnostic> diagnostics,
      Function<String, @Nullable SourceText> sources,
      boolean colour) {
    return diagnostics.stream()
        .map(diagnostic -> one(diagnostic, sources.apply(diagnostic.file()), colour))
        .collect(Collectors.joining("\n"));
  }

  /** The same for one file. */
  public static String text(List<Diagnostic> diagnostics, SourceText source, boolean colour) {
    return text(diagnostics, file -> file.equals(source.file()) ? source : null, colour);
  }

  /** One line each, in the form in which GitHub's runners make annotations of a build's output. */
  public static String github(List<Diagnostic> diagnostics) {
    return diagnostics.stream().map(GitHub::annotation).collect(Collectors.joining());
  }

  private static String one(Diagnostic problem, @Nullable SourceText source, boolean colour) {
    Paint paint = new Paint(colour);
    String severity = problem.isError() ? "error" : "warning";
    String tone = problem.isError() ? RED : YELLOW;
    StringBuilder text = new StringBuilder();
    text.append(paint.in(BOLD, place(problem) + ": "))
        .append(paint.in(tone, severity + ": "))
        .append(paint.in(BOLD, problem.message()))
        .append(paint.in(FAINT, " [" + problem.code() + "]"))
        .append('\n');
    if (source != null && !source.text().isEmpty()) {
      excerpt(problem, source, paint, tone, text);
    }
    if (problem.hint() != null) {
      text.append("  hint: ").append(problem.hint()).append('\n');
    }
    return text.toString();
  }

  private static String place(Diagnostic problem) {
    SourcePosition start = problem.range().start();
    return problem.file() + ":" + start.line() + ":" + start.column();
  }

  private static void excerpt(
      Diagnostic problem, SourceText source, Paint paint, String tone, StringBuilder text) {
    int number = problem.range().start().line();
    SourceExcerpt excerpt = SourceExcerpt.of(source.line(number), problem.range());
    String gutter = String.valueOf(number);
    text.append(paint.in(FAINT, "  " + gutter + " | ")).append(excerpt.line()).append('\n');
    text.append(paint.in(FAINT, "  " + " ".repeat(gutter.length()) + " | "))
        .append(" ".repeat(excerpt.column()))
        .append(paint.in(tone, "^".repeat(excerpt.width())))
        .append('\n');
  }

  private record Paint(boolean colour) {
    String in(String tone, String text) {
      return colour ? tone + text + RESET : text;
    }
  }

  /** GitHub's workflow commands. */
  private static final class GitHub {
    static String annotation(Diagnostic problem) {
      SourcePosition start = problem.range().start();
      SourcePosition end = problem.range().end();
      String columns =
          start.line() == end.line()
              ? ",col=" + start.column() + ",endColumn=" + end.column()
              : ",col=" + start.column();
      String hint = problem.hint() == null ? "" : "\n" + problem.hint();
      return "::"
          + (problem.isError() ? "error" : "warning")
          + " file="
          + property(problem.file())
          + ",line="
          + start.line()
          + ",endLine="
          + end.line()
          + columns
          + ",title="
          + property(problem.code())
          + "::"
          + data(problem.message() + hint)
          + "\n";
    }

    private static String data(String text) {
      return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
      return data(text).replace(":", "%3A").replace(",", "%2C");
    }
  }
}
