package dev.backout.history;

import dev.backout.catalog.Repeatability;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.ChildWorkflowFailure;
import io.temporal.failure.TerminatedFailure;
import io.temporal.failure.TimeoutFailure;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a failed execution of an action means: the same for the workflow, which catches it, and for
 * the history, which holds it.
 *
 * @param retryable whether trying again by itself makes sense
 */
public record AttemptFailure(Kind kind, boolean retryable, String message) {

  public enum Kind {
    /** It is known that it failed. */
    FAILED,
    /** It may have happened. */
    IN_DOUBT,
    CANCELLED
  }

  private static final String TRANSIENT = "TRANSIENT";
  private static final String UNKNOWN_OUTCOME = "UNKNOWN_OUTCOME";
  private static final Set<String> KNOWN_FAILURES =
      Set.of("PERMANENT", TRANSIENT, "INVALID_INPUT", "NOT_ALLOWED");

  /**
   * @param failure as the workflow catches it or as the history's failure converts, with or without
   *     what Temporal wraps around it
   */
  public static AttemptFailure of(Throwable failure, Repeatability repeatability) {
    Throwable cause = unwrapped(failure);
    if (cause instanceof CanceledFailure) {
      return repeatability == Repeatability.NEVER
          ? new AttemptFailure(
              Kind.IN_DOUBT, false, "It was cancelled in the middle, and may have happened.")
          : new AttemptFailure(Kind.CANCELLED, false, "It was cancelled.");
    }
    if (cause instanceof TerminatedFailure) {
      return new AttemptFailure(Kind.FAILED, false, "It was terminated.");
    }
    if (cause instanceof TimeoutFailure timeout) {
      return timedOut(timeout.getTimeoutType(), repeatability);
    }
    if (cause instanceof ApplicationFailure known) {
      return reported(known, repeatability);
    }
    return unknown(String.valueOf(cause.getMessage()), repeatability);
  }

  private static Throwable unwrapped(Throwable failure) {
    Throwable cause = failure.getCause();
    boolean wrapper = failure instanceof ActivityFailure || failure instanceof ChildWorkflowFailure;
    return wrapper && cause != null ? cause : failure;
  }

  private static AttemptFailure timedOut(TimeoutType type, Repeatability repeatability) {
    if (type == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START) {
      return new AttemptFailure(
          Kind.FAILED,
          false,
          "No worker took it, so nothing was touched. Is a worker running for its task queue?");
    }
    String what =
        type == TimeoutType.TIMEOUT_TYPE_HEARTBEAT
            ? "The worker was lost: nothing was heard of it for too long."
            : "It took longer than its timeout.";
    return unknown(what, repeatability);
  }

  private static AttemptFailure reported(ApplicationFailure failure, Repeatability repeatability) {
    String type = failure.getType();
    String message = messageOf(failure, type);
    if (UNKNOWN_OUTCOME.equals(type)) {
      return unknown(message, repeatability);
    }
    if (type != null && KNOWN_FAILURES.contains(type)) {
      boolean again = TRANSIENT.equals(type) && repeatability != Repeatability.NEVER;
      return new AttemptFailure(Kind.FAILED, again, message);
    }
    return unknown(message, repeatability);
  }

  private static String messageOf(ApplicationFailure failure, @Nullable String type) {
    String message = String.valueOf(failure.getOriginalMessage());
    boolean ours = type == null || KNOWN_FAILURES.contains(type) || UNKNOWN_OUTCOME.equals(type);
    return ours ? message : type + ": " + message;
  }

  /** Nobody says in what state it left things: no matter where repeating it is safe. */
  private static AttemptFailure unknown(String message, Repeatability repeatability) {
    return repeatability == Repeatability.NEVER
        ? new AttemptFailure(Kind.IN_DOUBT, false, message)
        : new AttemptFailure(Kind.FAILED, true, message);
  }
}
