package dev.backout.runbook;

import org.jspecify.annotations.Nullable;

/**
 * A problem in a runbook.
 *
 * @param file the file as people named it
 * @param code a stable word for this kind of problem, such as {@code unknown-key}
 * @param message what was expected and what was found, as one sentence without a full stop
 * @param hint what to do about it; null where the message says it all
 */
public record Diagnostic(
    String file,
    SourceRange range,
    Severity severity,
    String code,
    String message,
    @Nullable String hint) {

  public boolean isError() {
    return severity == Severity.ERROR;
  }
}
