package dev.backout.runbook.expression;

import org.jspecify.annotations.Nullable;

/**
 * Something wrong with an expression.
 *
 * @param from where in the expression it begins, in {@code char}s
 * @param to where it ends, exclusive
 * @param code a stable word for this kind of problem
 * @param hint what to do about it; null where the message says it all
 */
public record Problem(int from, int to, String code, String message, @Nullable String hint) {}
