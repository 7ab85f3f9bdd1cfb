/**
 * This machine's own background server: a process of its own with Temporal's in-memory or
 * development server and a worker in it. Knows nothing of commands.
 */
@NullMarked
package dev.backout.server;

import org.jspecify.annotations.NullMarked;
