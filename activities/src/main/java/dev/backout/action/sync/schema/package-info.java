/**
 * What tables a database has, of what columns, keys and references: read from PostgreSQL's and
 * SQLite's own catalogs into one model. Must not know what is done with the tables.
 */
@NullMarked
package dev.backout.action.sync.schema;

import org.jspecify.annotations.NullMarked;
