package dev.backout.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.runbook.DiagnosticRenderer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What is wrong with a policy is said as the files in {@code policy/errors} expect. Regenerate:
 * {@code mvn -q -pl worker -am test -Dtest=PolicyErrorCasesTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dbackout.regenerate=true}
 */
class PolicyErrorCasesTest {
  private static final Path CASES = Path.of("src/test/resources/policy/errors");

  @TestFactory
  Stream<DynamicTest> everyProblemIsReportedAsExpected() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(CASES)) {
      files = all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
    assertTrue(!files.isEmpty());
    return files.stream()
        .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private static void check(Path file) throws IOException {
    String name = file.getFileName().toString();
    PolicyReading reading = PolicyReader.read(file, name);
    String found =
        DiagnosticRenderer.text(
                reading.diagnostics(), unused -> reading.source().orElse(null), false)
            .replace(CASES.toAbsolutePath() + "/", "");
    Path expected = file.resolveSibling(name.replace(".yaml", ".expected.txt"));
    if (Boolean.getBoolean("backout.regenerate")) {
      Files.writeString(expected, found);
    }
    assertTrue(reading.policy().isEmpty(), "half a policy is none");
    assertEquals(Files.readString(expected), found, expected.toString());
  }
}
