package dev.backout.policy;

import dev.backout.runbook.Diagnostic;
import java.util.List;

/**
 * There is a policy and it can't be read, so nothing that it would judge may be done. The message
 * says where, what is wrong and what to do.
 */
public final class PolicyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Diagnostic> diagnostics;

  PolicyException(String message, List<Diagnostic> diagnostics) {
    super(message);
    this.diagnostics = List.copyOf(diagnostics);
  }

  /** Every problem, in the order of the file. */
  public List<Diagnostic> diagnostics() {
    return diagnostics;
  }

  /** Never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
