package dev.backout.workflow;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a person decided about a step that waits for one.
 *
 * @param id chosen by the sender, so that one that arrives twice counts once
 * @param step the path of the step that waits
 * @param choice {@code approve}, {@code reject}, {@code retry}, {@code skip} or {@code stop}
 * @param by who says they are deciding; unverified as long as there is no signature
 * @param at when they decided, by their own clock
 * @param signature reserved for an armoured SSH signature over the canonical form of this decision
 */
public record Decision(
    String id,
    String step,
    String choice,
    String by,
    @Nullable String reason,
    @Nullable Instant at,
    @Nullable String signature) {}
