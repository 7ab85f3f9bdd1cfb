package dev.backout.action.sync;

import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.Table;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Rows that are to be copied from a table into one of the same columns.
 *
 * @param into the name in SQL of what takes them
 * @param pairs the columns
 * @param where a condition in SQL of the source; empty for all rows
 * @param expected how many rows there may be; negative if nobody knows
 */
record Load(Match match, String into, List<Pair> pairs, String where, long expected) {

  static Load all(Match match) {
    return new Load(
        match, Dialect.quote(match.target()), match.columns(), "", match.source().estimatedRows());
  }

  List<Form> forms() {
    return pairs.stream().map(Pair::form).toList();
  }

  /** PostgreSQL's own rows: those of tables that inherit from it are theirs. */
  String fromPostgres() {
    Table table = match.source();
    return "SELECT "
        + pairs.stream()
            .map(pair -> pair.form().select(Dialect.quote(pair.source().name())))
            .collect(Collectors.joining(", "))
        + " FROM "
        + (table.partitioned() ? "" : "ONLY ")
        + Dialect.quote(table)
        + (where.isEmpty() ? "" : " WHERE " + where);
  }

  @Override
  public String toString() {
    return match.source().name();
  }
}
