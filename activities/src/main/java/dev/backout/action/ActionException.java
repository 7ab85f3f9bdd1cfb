package dev.backout.action;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A known failure: what was expected, what was found, and what to do. The state of the system is as
 * the message says.
 */
public class ActionException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final @Nullable Duration retryAfter;

  public ActionException(Kind kind, String message) {
    this(kind, message, (Duration) null);
  }

  /**
   * @param retryAfter how long whoever was asked wants to be left alone; null if they didn't say
   */
  public ActionException(Kind kind, String message, @Nullable Duration retryAfter) {
    super(message);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  public ActionException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
    this.retryAfter = null;
  }

  /** Never null: each says something. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  public Kind kind() {
    return kind;
  }

  /** How long whoever was asked wants to be left alone; empty if they didn't say. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
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
    /**
     * It can't be told whether it happened; or, of what only reads, how things are: whoever was to
     * tell couldn't be asked, or didn't know.
     */
    UNKNOWN_OUTCOME
  }
}
