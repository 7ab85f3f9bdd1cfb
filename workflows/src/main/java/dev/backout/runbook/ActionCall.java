package dev.backout.runbook;

/**
 * An action and its input.
 *
 * @param action the name as written; whether there is such an action is not checked here
 * @param with empty where the runbook gives none
 */
public record ActionCall(Located<String> action, Value.Fields with, SourceRange range) {}
