package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.ForeignKey;
import dev.backout.action.sync.schema.Schema;
import dev.backout.action.sync.schema.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether every row of a SQLite database refers to something that is there. */
final class SqliteReferences {
  private static final int SHOWN = 10;

  private final Connection connection;
  private final Schema schema;

  SqliteReferences(Connection connection, Schema schema) {
    this.connection = connection;
    this.schema = schema;
  }

  private record Violation(String table, @Nullable Long row, String parent, int key) {}

  void require() throws SQLException, ActionException {
    List<Violation> first = new ArrayList<>();
    long all = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("PRAGMA foreign_key_check")) {
      while (rows.next()) {
        all++;
        if (first.size() < SHOWN) {
          long row = rows.getLong(2);
          first.add(
              new Violation(
                  rows.getString(1),
                  rows.wasNull() ? null : (Long) row,
                  rows.getString(3),
                  rows.getInt(4)));
        }
      }
    }
    List<Dangling> found = new ArrayList<>();
    for (Violation violation : first) {
      found.add(describe(violation));
    }
    Dangling.require(found, all);
  }

  private Dangling describe(Violation violation) throws SQLException {
    Optional<Table> table = schema.table(violation.table());
    Optional<ForeignKey> key =
        table.flatMap(
            each ->
                each.foreignKeys().stream()
                    .filter(one -> one.name().equals(String.valueOf(violation.key())))
                    .findFirst());
    // A table WITHOUT ROWID doesn't say which row it is.
    if (table.isEmpty() || key.isEmpty() || violation.row() == null) {
      return new Dangling(
          violation.table(), "a row of " + violation.table(), "unknown", violation.parent());
    }
    List<String> columns = new ArrayList<>(key.get().columns());
    table.get().key().ifPresent(own -> columns.addAll(own.columns()));
    List<String> values = values(table.get(), columns, violation.row());
    int split = key.get().columns().size();
    return new Dangling(
        violation.table(),
        violation.table() + " " + String.join(", ", values.subList(split, values.size())),
        String.join(", ", values.subList(0, split)),
        violation.parent());
  }

  private List<String> values(Table table, List<String> columns, long row) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT "
                    + Dialect.quote(columns)
                    + " FROM "
                    + Dialect.quote(table)
                    + " WHERE rowid = "
                    + row)) {
      for (int i = 0; i < columns.size(); i++) {
        values.add(columns.get(i) + "=" + RowText.value(found.getString(i + 1)));
      }
    }
    return values;
  }
}
