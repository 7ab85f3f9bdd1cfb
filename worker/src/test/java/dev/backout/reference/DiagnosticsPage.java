package dev.backout.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The page of all diagnostics, each shown by the first example among the tests' expectations. */
final class DiagnosticsPage {
  private static final Pattern FIRST_LINE =
      Pattern.compile("^\\S+:\\d+:\\d+: (error|warning): .* \\[([a-z0-9-]+)]$");

  private DiagnosticsPage() {}

  static String fromCases(Path resources) throws IOException {
    Map<String, String> examples = new TreeMap<>();
    try (Stream<Path> files = Files.walk(resources)) {
      for (Path file : files.filter(DiagnosticsPage::isExpectation).sorted().toList()) {
        collect(Files.readString(file), examples);
      }
    }
    StringBuilder page = new StringBuilder("<!-- Generated from the tests; don't edit. -->\n\n");
    page.append(
        """
        # Diagnostics

        What `backout lint` may say, by its code. A code is stable: scripts may rely on it. An error
        keeps a runbook from being planned, a warning doesn't.
        """);
    examples.forEach(
        (code, example) ->
            page.append("\n## ")
                .append(code)
                .append("\n\n```text\n")
                .append(example)
                .append("```\n"));
    return page.toString();
  }

  private static boolean isExpectation(Path file) {
    return file.toString().endsWith(".expected.txt");
  }

  private static void collect(String expectation, Map<String, String> examples) {
    for (String block : expectation.split("\n\n")) {
      Matcher first = FIRST_LINE.matcher(block.lines().findFirst().orElse(""));
      if (first.matches()) {
        examples.putIfAbsent(first.group(2), block.stripTrailing() + "\n");
      }
    }
  }
}
