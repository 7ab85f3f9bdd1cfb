package dev.backout.action;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The worker's durable note of each act, before it begins and after it ended: what settles a doubt.
 */
public interface Journal {

  /**
   * Notes that an act is about to begin; returns only when the note is durable if {@code
   * repeatable} is false.
   *
   * @return what to call when the act has ended
   * @throws BegunBeforeException if this attempt of an act that isn't safe to repeat has been noted
   *     before; it must not begin
   * @throws StillUnderWayException if another attempt of the step, which is safe to repeat, goes
   *     on: its server has not heard of it for too long, and it lives. Ask again later
   * @throws ActionException if an act that isn't safe to repeat can't be noted, or another attempt
   *     of it goes on; it must not begin
   */
  Act begin(StepCall call, String action, boolean repeatable) throws ActionException;

  /** An act under way. */
  interface Act {
    void end(Outcome outcome);
  }

  /** How an act ended, as the worker that carried it out saw it. */
  sealed interface Outcome {}

  /**
   * @param outputs masked; null where they were too big to be kept
   */
  record Done(@Nullable JsonNode outputs) implements Outcome {
    @Override
    public String toString() {
      return "done";
    }
  }

  /**
   * @param message masked
   */
  record Failed(Kind kind, String message) implements Outcome {
    @Override
    public String toString() {
      return "failed: " + message;
    }
  }

  /** It was told to leave in the middle. */
  record Cancelled() implements Outcome {
    @Override
    public String toString() {
      return "cancelled";
    }
  }

  /** Two attempts of one step must not be at the same things at the same time. */
  final class StillUnderWayException extends ActionException {
    private static final long serialVersionUID = 1L;

    public StillUnderWayException(int attempt, long pid) {
      super(
          Kind.TRANSIENT,
          "waits for attempt " + attempt + ", which is still under way in process " + pid);
    }
  }

  /** An attempt that has been noted comes a second time. */
  final class BegunBeforeException extends ActionException {
    private static final long serialVersionUID = 1L;

    private final transient @Nullable Outcome outcome;

    /**
     * @param outcome what was noted of its end; null if nothing was
     */
    public BegunBeforeException(@Nullable Outcome outcome) {
      super(
          Kind.UNKNOWN_OUTCOME,
          "This attempt was begun before, and must not be begun again: "
              + (outcome == null ? "how it ended was not noted." : "it ended as " + outcome + "."));
      this.outcome = outcome;
    }

    /** What it was, for whoever asks again. */
    JsonNode outputs() throws ActionException {
      if (outcome instanceof Done done && done.outputs() != null) {
        return done.outputs();
      }
      if (outcome instanceof Failed failed) {
        throw new ActionException(failed.kind(), failed.message());
      }
      throw this;
    }
  }
}
