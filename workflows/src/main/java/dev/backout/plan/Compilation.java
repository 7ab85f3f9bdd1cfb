package dev.backout.plan;

import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.SourceText;
import java.util.List;
import java.util.Optional;

/**
 * What came of a runbook.
 *
 * @param plan empty if there is an error
 * @param diagnostics of the runbook's own file first, then of its children's, each in the file's
 *     order
 * @param sources the texts that the diagnostics point into
 */
public record Compilation(
    Optional<ExecutionPlan> plan, List<Diagnostic> diagnostics, List<SourceText> sources) {

  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }
}
