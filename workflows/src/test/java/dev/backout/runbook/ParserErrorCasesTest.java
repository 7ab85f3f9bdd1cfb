package dev.backout.runbook;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What is wrong with a runbook is said as the files in {@code runbook/errors} expect. Regenerate:
 * {@code mvn -q -pl workflows -am test -Dtest=ParserErrorCasesTest
 * -Dsurefire.failIfNoSpecifiedTests=false -Dbackout.regenerate=true}
 */
class ParserErrorCasesTest {

  @TestFactory
  Stream<DynamicTest> everyProblemIsReportedAsExpected() {
    return GoldenFiles.cases("runbook/errors", ".expected.txt", ParserErrorCasesTest::problems);
  }

  private static String problems(Path file) {
    SourceReader.Read read = SourceReader.read(file, file.getFileName().toString());
    Optional<SourceText> source = read.source();
    return source.isEmpty()
        ? DiagnosticRenderer.text(read.diagnostics(), name -> null, false)
        : DiagnosticRenderer.text(
            RunbookParser.parse(source.get()).diagnostics(), source.get(), false);
  }
}
