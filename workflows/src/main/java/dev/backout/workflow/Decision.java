package dev.backout.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person decided about a step that waits for one.
 *
 * @param id chosen by the sender, so that one that arrives twice counts once
 * @param step the path of the step that waits
 * @param choice one of {@link dev.backout.history.Choices}
 * @param by who says they are deciding; unverified as long as there is no signature
 * @param at when they decided, by their own clock
 * @param signature an armoured SSH signature over the {@link DecisionStatement} that this decision
 *     makes where it is taken; null for a bare name
 * @param details what it holds besides, such as the item that is ticked; null for nothing
 */
public record Decision(
    String id,
    String step,
    String choice,
    String by,
    @Nullable String reason,
    @Nullable Instant at,
    @Nullable String signature,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable JsonNode details) {

  /** One that its choice says all of. */
  public Decision(
      String id,
      String step,
      String choice,
      String by,
      @Nullable String reason,
      @Nullable Instant at,
      @Nullable String signature) {
    this(id, step, choice, by, reason, at, signature, null);
  }

  public Decision at(Instant moment) {
    return new Decision(id, step, choice, by, reason, moment, signature, details);
  }

  /** Of the same step, as another run names it. */
  public Decision of(String path) {
    return new Decision(id, path, choice, by, reason, at, signature, details);
  }

  public Decision signed(String armoured) {
    return new Decision(id, step, choice, by, reason, at, armoured, details);
  }

  /** As the one that it was found to be. */
  Decision by(String principal) {
    return new Decision(id, step, choice, principal, reason, at, signature, details);
  }
}
