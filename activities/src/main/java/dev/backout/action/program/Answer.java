package dev.backout.action.program;

/**
 * What a program said that was only asked something.
 *
 * @param out its output, as it is: not masked, and never to be shown whole
 * @param err what it wrote to its errors
 */
public record Answer(int exitCode, String out, String err) {}
