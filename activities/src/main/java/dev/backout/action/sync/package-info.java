/**
 * Data from PostgreSQL to SQLite and back without loss: what becomes of each type, what is refused,
 * and how the target is wholly as before or wholly new. Must not know what application the tables
 * belong to.
 */
@NullMarked
package dev.backout.action.sync;

import org.jspecify.annotations.NullMarked;
