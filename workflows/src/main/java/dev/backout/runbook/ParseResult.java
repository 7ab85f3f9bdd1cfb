package dev.backout.runbook;

import java.util.List;
import java.util.Optional;

/**
 * What came of a text.
 *
 * @param runbook empty only when nothing could be read; with errors it is good for finding more of
 *     them, not for a plan
 * @param diagnostics in the order of the file
 */
public record ParseResult(Optional<Runbook> runbook, List<Diagnostic> diagnostics) {

  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }
}
