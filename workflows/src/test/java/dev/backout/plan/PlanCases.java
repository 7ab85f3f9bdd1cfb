package dev.backout.plan;

import dev.backout.catalog.ActionCatalog;
import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.DiagnosticRenderer;
import dev.backout.runbook.ParseResult;
import dev.backout.runbook.RunbookParser;
import dev.backout.runbook.SourceReader;
import dev.backout.runbook.SourceText;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runbooks of the test resources, compiled as the command line does it. */
final class PlanCases {
  static final String HEAD =
      """
      apiVersion: backout/v1
      kind: emergency
      name: example
      summary: Bring the example back.
      target: example
      """;

  private static final Path FOLDER = Path.of("src/test/resources/plan");
  private static final ActionCatalog CATALOG = catalog();

  private PlanCases() {}

  static RunbookCompiler compiler() {
    return new RunbookCompiler(CATALOG, PlanCases::load);
  }

  /** Every file is named as seen from the folder {@code plan}, so that children are found. */
  static ParseResult parse(Path file) {
    return load(FOLDER.relativize(file).toString()).orElseThrow();
  }

  static ParseResult parse(String yaml) {
    return RunbookParser.parse(new SourceText("cases/case.yaml", yaml));
  }

  static Compilation compile(String yaml, Map<String, GivenInput> inputs) {
    return compiler().compile(parse(yaml), inputs);
  }

  static ExecutionPlan plan(String yaml) {
    Compilation compilation = compile(yaml, Map.of());
    return compilation.plan().orElseThrow(() -> new AssertionError(problems(compilation)));
  }

  static String problems(Compilation compilation) {
    Map<String, SourceText> texts =
        compilation.sources().stream()
            .collect(Collectors.toMap(SourceText::file, text -> text, (a, b) -> a));
    return DiagnosticRenderer.text(compilation.diagnostics(), texts::get, false);
  }

  static String codes(Compilation compilation) {
    return compilation.diagnostics().stream()
        .map(Diagnostic::code)
        .collect(Collectors.joining(" "));
  }

  private static Optional<ParseResult> load(String file) {
    Path path = FOLDER.resolve(file);
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    SourceReader.Read read = SourceReader.read(path, file);
    return Optional.of(
        read.source()
            .map(RunbookParser::parse)
            .orElseGet(() -> new ParseResult(Optional.empty(), read.diagnostics())));
  }

  private static ActionCatalog catalog() {
    try (InputStream in =
        Objects.requireNonNull(PlanCases.class.getResourceAsStream("/plan/catalog.json"))) {
      return ActionCatalog.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
