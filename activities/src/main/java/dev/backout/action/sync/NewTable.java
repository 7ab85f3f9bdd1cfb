package dev.backout.action.sync;

import dev.backout.action.sync.schema.Affinity;
import dev.backout.action.sync.schema.Column;
import dev.backout.action.sync.schema.ColumnType;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.ForeignKey;
import dev.backout.action.sync.schema.Key;
import dev.backout.action.sync.schema.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A table of SQLite for the rows of one of PostgreSQL. */
final class NewTable {
  private NewTable() {}

  /** Its model; what is not taken over is added to the notes. */
  static Table like(Table from, List<String> notes) {
    List<Column> columns = new ArrayList<>();
    for (Column column : from.columns()) {
      String declared = Affinities.advice(column.kind());
      if (column.generated()) {
        notes.add(
            from.name()
                + "."
                + column.name()
                + " is computed in PostgreSQL, and in the new table an ordinary column with the values");
      }
      columns.add(
          new Column(
              column.name(),
              new ColumnType.Sqlite(declared, Affinity.of(declared, false), false),
              column.notNull(),
              false,
              false,
              false,
              column.sequence()));
    }
    noteLeftOut(from, notes);
    return new Table(
        "main",
        from.name(),
        false,
        columns,
        from.primaryKey(),
        from.uniqueKeys(),
        from.foreignKeys(),
        from.indexes(),
        List.of(),
        List.of(),
        -1,
        -1);
  }

  private static void noteLeftOut(Table from, List<String> notes) {
    noteLacking("triggers", from.triggers(), from, notes);
    noteLacking("checks", from.checks(), from, notes);
    noteLacking(
        "defaults",
        from.columns().stream()
            .filter(column -> column.hasDefault() && !column.generated())
            .filter(column -> column.sequence() == null)
            .map(Column::name)
            .toList(),
        from,
        notes);
    from.indexes().stream()
        .filter(index -> index.columns().isEmpty())
        .forEach(
            index ->
                notes.add(
                    "the index "
                        + index.name()
                        + " of "
                        + from.name()
                        + " is partial or of an expression, and isn't made in SQLite"));
  }

  private static void noteLacking(String what, List<String> names, Table from, List<String> notes) {
    if (!names.isEmpty()) {
      notes.add(
          from.name()
              + " has "
              + what
              + " in PostgreSQL ("
              + String.join(", ", names)
              + "), and none in the new table");
    }
  }

  /**
   * @param made the names of all tables that the target will have; references to others are left
   *     out
   */
  static String sql(Table table, Set<String> made) {
    Key primary = table.primaryKey();
    List<String> parts = new ArrayList<>();
    for (Column column : table.columns()) {
      parts.add(column(column, primary));
    }
    if (primary != null && !isRowid(table, primary)) {
      parts.add("PRIMARY KEY (" + Dialect.quote(primary.columns()) + ")");
    }
    for (Key key : table.uniqueKeys()) {
      parts.add("UNIQUE (" + Dialect.quote(key.columns()) + ")");
    }
    for (ForeignKey key : table.foreignKeys()) {
      if (made.contains(key.parent())) {
        parts.add(reference(key));
      }
    }
    return "CREATE TABLE " + Dialect.quote(table.name()) + " (" + String.join(", ", parts) + ")";
  }

  /** SQL for its indexes, to be run when it is filled. */
  static List<String> indexes(Table table) {
    return table.indexes().stream()
        .filter(index -> !index.columns().isEmpty())
        .map(
            index ->
                "CREATE INDEX "
                    + Dialect.quote(index.name())
                    + " ON "
                    + Dialect.quote(table.name())
                    + " ("
                    + Dialect.quote(index.columns())
                    + ")")
        .toList();
  }

  private static String column(Column column, @Nullable Key primary) {
    String name = Dialect.quote(column.name());
    if (primary != null && primary.columns().equals(List.of(column.name())) && isInteger(column)) {
      return name
          + " INTEGER PRIMARY KEY"
          + (column.sequence() == null ? "" : " AUTOINCREMENT")
          + " NOT NULL";
    }
    return name + " " + column.type().declared() + (column.notNull() ? " NOT NULL" : "");
  }

  private static boolean isRowid(Table table, Key primary) {
    return primary.columns().size() == 1
        && table.columns().stream()
            .anyMatch(
                column -> column.name().equals(primary.columns().get(0)) && isInteger(column));
  }

  private static boolean isInteger(Column column) {
    return column.sqlite().affinity() == Affinity.INTEGER;
  }

  private static String reference(ForeignKey key) {
    return "FOREIGN KEY ("
        + Dialect.quote(key.columns())
        + ") REFERENCES "
        + Dialect.quote(key.parent())
        + " ("
        + Dialect.quote(key.parentColumns())
        + ") ON DELETE "
        + key.onDelete()
        + " ON UPDATE "
        + key.onUpdate();
  }
}
