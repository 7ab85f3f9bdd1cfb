package dev.backout.policy;

import org.jspecify.annotations.Nullable;

/**
 * What the policy says to "may X do Y?".
 *
 * @param sentence for people: who may or may not do what, and why
 * @param rule the rule that decided, as {@code file:line}; null where none did
 */
public record Answer(boolean allowed, String sentence, @Nullable String rule) {}
