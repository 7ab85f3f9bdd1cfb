/**
 * SQLite databases as files: finding a backup that can be trusted, verifying, copying and restoring
 * one. Must not know what application a database belongs to, nor how it is stopped.
 */
@NullMarked
package dev.backout.action.sqlite;

import org.jspecify.annotations.NullMarked;
