/**
 * The plan as a durable Temporal workflow: the interpreter, gates, decisions and the clock.
 * Deterministic: no clock, randomness, threads or I/O but Temporal's own.
 */
@NullMarked
package dev.backout.workflow;

import org.jspecify.annotations.NullMarked;
