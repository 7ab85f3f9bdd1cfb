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
 * @param signature reserved for an armoured SSH signature over the canonical form of this decision
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

  Decision at(String otherStep) {
    return new Decision(id, otherStep, choice, by, reason, at, signature, details);
  }
}
