/**
 * PostgreSQL servers: whether one answers. Must not know what application a database belongs to.
 */
@NullMarked
package dev.backout.action.postgres;

import org.jspecify.annotations.NullMarked;
