package dev.backout.runbook.expression;

/**
 * An expression that passed its check and still gave no value. The message is a sentence for
 * people: which expression, what was expected, what was found.
 */
public final class EvaluationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public EvaluationException(String message) {
    super(message);
  }

  public EvaluationException(String message, Throwable cause) {
    super(message, cause);
  }
}
