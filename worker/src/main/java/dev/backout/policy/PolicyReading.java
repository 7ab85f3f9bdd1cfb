package dev.backout.policy;

import dev.backout.runbook.Diagnostic;
import dev.backout.runbook.SourceText;
import java.util.List;
import java.util.Optional;

/**
 * What came of a policy's files.
 *
 * @param policy empty where there is any error: half a policy is none
 * @param rules what could be read, also with errors
 * @param source the text of {@code policy.yaml}, to show the lines that are wrong
 */
record PolicyReading(
    Optional<Policy> policy,
    Optional<Rules> rules,
    List<Diagnostic> diagnostics,
    Optional<SourceText> source) {

  List<Diagnostic> errors() {
    return diagnostics.stream().filter(Diagnostic::isError).toList();
  }
}
