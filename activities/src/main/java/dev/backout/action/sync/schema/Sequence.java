package dev.backout.action.sync.schema;

import org.jspecify.annotations.Nullable;

/**
 * What numbers a column: a sequence of PostgreSQL, or SQLite's AUTOINCREMENT.
 *
 * @param name quoted and qualified as SQL wants it; of SQLite the table's
 * @param last the number that it gave last; null if it gave none, or may not be read
 */
public record Sequence(String name, @Nullable Long last) {}
