package dev.backout.action;

/**
 * Which step of which run an action serves. Travels as JSON, the second argument of every activity.
 *
 * @param step the step's path
 * @param attempt which execution of the step this is, as people count
 */
public record StepCall(String runId, String runbook, String target, String step, int attempt) {}
