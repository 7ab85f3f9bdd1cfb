package dev.backout.runbook;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Provide;

/**
 * Runbooks broken at random, and what must hold of each: diagnostics with places in it, and no
 * exception.
 */
abstract class BrokenRunbooks {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final List<String> VALID = read("src/test/resources/runbook/valid");

  /** What YAML, the language and terminals may stumble over. */
  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ": ",
    ":",
    "- ",
    "-",
    "? ",
    "|",
    ">",
    "|9",
    ">-",
    "&a ",
    "*a",
    "*a ",
    "!",
    "!!map ",
    "!x ",
    "%",
    "%YAML 9.9\n",
    "---",
    "\n---\n",
    "...",
    "\n...\n",
    "\"",
    "'",
    "\\",
    "\\x",
    "\\u12",
    "\\U00110000",
    "#",
    " #",
    "@",
    "`",
    "\t",
    "\n",
    "\n\n",
    "\r",
    "\r\n",
    " ",
    "    ",
    "${{",
    "}}",
    "${{ }}",
    "${{ '",
    "${{ {'a': {}} }}",
    "<<: *a",
    "~",
    "null",
    "true",
    ".inf",
    "0x",
    "0o9",
    "1e999999999",
    "-",
    "99999999999999999999",
    "\0",
    "\u0007",
    "\u0085",
    "\u2028",
    "\uFEFF",
    "\uFFFE",
    "é",
    "e\u0301",
    "戻",
    "\uD83D\uDE92",
    "\uD83D",
    "\uDE92",
    "\u200B",
    "uses",
    "with",
    "steps",
    "id",
    "checkpoint",
    "parallel",
    "each",
    "expect",
    "oneOf",
    "default",
    "90s",
    "PT9999999999999999H",
    "999999999d",
    "group:",
    "list<",
    "list<int>",
    "secret:"
  };

  /** One change to a text: at a place, in per mille of its length. */
  private record Mutation(int place, int kind, int length, String piece) {
    String apply(String text) {
      int at = (int) ((long) text.length() * place / 1000);
      int end = Math.min(text.length(), at + length);
      return switch (kind) {
        case 0 -> text.substring(0, at) + piece + text.substring(at);
        case 1 -> text.substring(0, at) + text.substring(end);
        case 2 -> text.substring(0, at) + piece + text.substring(end);
        case 3 -> text.substring(0, end) + text.substring(at, end) + text.substring(end);
        case 4 -> text.substring(0, at);
        default -> indented(text, at);
      };
    }

    private String indented(String text, int at) {
      int line = text.indexOf('\n', at);
      return line < 0
          ? text
          : text.substring(0, line + 1) + " ".repeat(length % 7) + text.substring(line + 1);
    }
  }

  @Provide
  Arbitrary<String> broken() {
    Arbitrary<Mutation> mutations =
        Combinators.combine(
                Arbitraries.integers().between(0, 1000),
                Arbitraries.integers().between(0, 5),
                Arbitraries.integers().between(1, 40),
                Arbitraries.of(PIECES))
            .as(Mutation::new);
    return Combinators.combine(Arbitraries.of(VALID), mutations.list().ofMinSize(1).ofMaxSize(6))
        .as(BrokenRunbooks::mutated);
  }

  @Provide
  Arbitrary<String> pieces() {
    return Arbitraries.of(PIECES).list().ofMaxSize(60).map(pieces -> String.join("", pieces));
  }

  private static String mutated(String text, List<Mutation> mutations) {
    String mutated = text;
    for (Mutation mutation : mutations) {
      mutated = mutation.apply(mutated);
    }
    return mutated;
  }

  static void checkBytes(byte[] bytes) {
    SourceReader.Read read = SourceReader.decode(bytes, "bytes");
    read.source().ifPresent(BrokenRunbooks::check);
    assertTrue(read.source().isPresent() || !read.diagnostics().isEmpty());
  }

  static void checkText(String text) {
    check(new SourceText("broken.yaml", text));
  }

  private static void check(SourceText source) {
    assertTimeoutPreemptively(PATIENCE, () -> parse(source));
  }

  private static void parse(SourceText source) {
    ParseResult result = RunbookParser.parse(source);
    assertTrue(result.runbook().isPresent() || result.hasErrors());
    for (Diagnostic problem : result.diagnostics()) {
      assertFalse(problem.message().isBlank());
      assertTrue(problem.code().matches("[a-z0-9-]+"), problem.code());
      assertIsInside(problem.range(), source);
    }
    DiagnosticRenderer.text(result.diagnostics(), source, true);
    DiagnosticRenderer.github(result.diagnostics());
    Sarif.render(result.diagnostics(), "1");
  }

  private static void assertIsInside(SourceRange range, SourceText source) {
    assertTrue(range.start().compareTo(range.end()) <= 0, range::toString);
    assertTrue(range.start().line() >= 1 && range.end().line() <= source.lineCount());
    int columns =
        source
            .line(range.start().line())
            .codePointCount(0, source.line(range.start().line()).length());
    assertTrue(
        range.start().column() >= 1 && range.start().column() <= columns + 2, range::toString);
  }

  private static List<String> read(String folder) {
    try (Stream<Path> files = Files.list(Path.of(folder))) {
      return files.sorted().map(BrokenRunbooks::text).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
