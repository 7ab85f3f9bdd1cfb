package dev.backout.runbook;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** What the engine says of broken YAML, in words that say what to do. */
final class YamlSyntax {

  private YamlSyntax() {}

  static void report(
      SourceText source, Offsets offsets, YamlEngineException problem, Diagnostics diagnostics) {
    int at = place(problem).map(offsets::of).orElse(0);
    String text = source.text();
    String said = said(problem);
    if (at < text.length() && text.charAt(at) == '\t') {
      diagnostics.error(
          source.range(at, at + 1),
          "tab-indentation",
          "A tab stands where YAML wants spaces",
          "Indent with spaces, two a level");
      return;
    }
    diagnostics.error(
        source.range(at, Math.min(at + 1, text.length())),
        "yaml-syntax",
        "The YAML can't be read from here: " + said,
        hint(line(source, at), said));
  }

  /** Where it went wrong; for a quote that never ends, where that began. */
  private static Optional<Mark> place(YamlEngineException problem) {
    if (!(problem instanceof MarkedYamlEngineException marked)) {
      return Optional.empty();
    }
    return isUnclosedQuote(said(problem))
        ? marked.getContextMark().or(marked::getProblemMark)
        : marked.getProblemMark().or(marked::getContextMark);
  }

  private static String said(YamlEngineException problem) {
    String said =
        problem instanceof MarkedYamlEngineException marked && marked.getProblem() != null
            ? marked.getProblem()
            : String.valueOf(problem.getMessage());
    int aside = said.indexOf(". (");
    return Shown.text((aside < 0 ? said : said.substring(0, aside)).replaceAll("[<>]", ""));
  }

  private static String line(SourceText source, int at) {
    return source.line(source.position(at).line());
  }

  private static @Nullable String hint(String line, String said) {
    if (said.contains("mapping values are not allowed")) {
      return line.contains("${{")
          ? "A value with `: ` in it needs quotes: \"${{ … }}\""
          : "A value with `: ` in it needs quotes; if a new key was meant, check the indentation";
    }
    if (said.contains("expected ',' or")) {
      return line.contains("${{")
          ? "Inside `{ … }` and `[ … ]` a value with `${{ … }}` needs quotes: \"${{ … }}\""
          : "A bracket is open, or a comma or a quote is missing";
    }
    if (said.contains("found character '@") || said.contains("found character '`")) {
      return "A value that begins with this character needs quotes";
    }
    if (said.contains("escape character")) {
      return "Between double quotes `\\` begins an escape: write `\\\\`, or use single quotes";
    }
    if (isUnclosedQuote(said)) {
      return "A quote was opened here and never closed";
    }
    if (said.contains("expected block end") || said.contains("could not find expected ':'")) {
      return "Check the indentation of this line and the one before, and that each key has its `:`";
    }
    return null;
  }

  private static boolean isUnclosedQuote(String said) {
    return said.contains("found unexpected end of stream") || said.contains("unexpected document");
  }
}
