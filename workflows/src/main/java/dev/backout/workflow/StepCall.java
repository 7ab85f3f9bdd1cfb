package dev.backout.workflow;

/**
 * The second argument of every activity: which step of which run this is. The first is the action's
 * input as JSON.
 *
 * @param step the step's path
 * @param attempt which execution of the step this is, as people count: every repetition has its own
 *     number, whether the step's {@code retry} or a person asked for it
 */
public record StepCall(String runId, String runbook, String target, String step, int attempt) {}
