/**
 * What a command asks of Temporal and of the archive: connect, start a run, find runs and their
 * histories. Renders nothing.
 */
@NullMarked
package dev.backout.client;

import org.jspecify.annotations.NullMarked;
