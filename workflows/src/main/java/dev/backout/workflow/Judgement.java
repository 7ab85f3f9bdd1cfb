package dev.backout.workflow;

import dev.backout.history.RunStatus.Proof;
import org.jspecify.annotations.Nullable;

/**
 * What a worker says of a decision.
 *
 * @param refusal why it does not count, as a sentence; null if it counts
 * @param principal who decided: proven if {@code verified}, else as they say
 * @param proof null where there is no policy
 */
public record Judgement(
    @Nullable String refusal, String principal, boolean verified, @Nullable Proof proof) {

  public static Judgement refused(String why) {
    return new Judgement(why, "", false, null);
  }

  /** Where no policy judges: taken at their word, and marked so. */
  public static Judgement unverified(String name) {
    return new Judgement(null, name, false, null);
  }
}
