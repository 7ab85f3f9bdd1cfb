package dev.backout.proof;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was checked.
 *
 * @param step the step's path in its run; empty for the run as a whole, null for no step
 * @param choice of a decision; null otherwise
 * @param by who is recorded to have done it; null for nobody
 * @param reason as recorded
 * @param at when it was signed, by the signer's clock; as recorded without a signature
 * @param key {@code SHA256:…} of the key that the signature names; null without a signature
 * @param policy the hash of the policy that was in force then; null where none is recorded
 * @param channel how it reached the run: {@code update}, {@code signal}; null where that says
 *     nothing
 * @param sentBy whom the server says it was that sent it; null where it says nobody
 * @param remarks what is wrong, or what could not be checked and why, as sentences
 */
public record Finding(
    Subject subject,
    Verdict verdict,
    @Nullable String step,
    @Nullable String choice,
    @Nullable String by,
    @Nullable String reason,
    @Nullable Instant at,
    @Nullable String key,
    @Nullable String policy,
    @Nullable String channel,
    @Nullable String sentBy,
    List<String> remarks) {

  public enum Subject {
    /** What was to be done. */
    PLAN,
    START,
    DECISION,
    /** That events are missing, or a gate opened without what it needs. */
    RECORD,
    /** A child runbook's own history. */
    CHILD,
    /** A file of what a program wrote, or of outputs that were too big for the history. */
    EVIDENCE
  }

  static Finding of(Subject subject, Verdict verdict, @Nullable String step, String... remarks) {
    return new Finding(
        subject, verdict, step, null, null, null, null, null, null, null, null, List.of(remarks));
  }
}
