package dev.backout.runbook;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * When this is the runbook to take.
 *
 * @param expect what a healthy system answers: the trigger holds when one of these does not, or the
 *     probe fails
 * @param holdsFor how long it must hold without a break; null for at once
 */
public record Trigger(
    Template name,
    ActionCall probe,
    List<Expression> expect,
    @Nullable Located<Duration> holdsFor,
    SourceRange range) {}
