/**
 * PostgreSQL servers: whether one answers, what a database holds, and what it refuses. Must not
 * know what application a database belongs to.
 */
@NullMarked
package dev.backout.action.postgres;

import org.jspecify.annotations.NullMarked;
