package dev.backout.action;

/**
 * A known failure: what was expected, what was found, and what to do. The state of the system is as
 * the message says.
 */
public class ActionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  public ActionException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  public ActionException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Never null: each says something. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  public Kind kind() {
    return kind;
  }

  public enum Kind {
    /** Would fail again without a change: not retried. */
    PERMANENT,
    /** May pass: retried where the action is safe to repeat. */
    TRANSIENT,
    /** The input is wrong; nothing was touched. */
    INVALID_INPUT,
    /** The worker's configuration or policy forbids it; nothing was touched. */
    NOT_ALLOWED,
    /** It can't be told whether it happened. */
    UNKNOWN_OUTCOME
  }
}
