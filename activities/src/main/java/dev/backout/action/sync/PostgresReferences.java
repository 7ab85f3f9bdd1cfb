package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.ForeignKey;
import dev.backout.action.sync.schema.Key;
import dev.backout.action.sync.schema.Schema;
import dev.backout.action.sync.schema.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Whether every row of the tables that were written, or that refer to them, refers to what is
 * there.
 */
final class PostgresReferences {
  private static final int SHOWN = 10;

  private final Connection connection;
  private final Schema schema;

  PostgresReferences(Connection connection, Schema schema) {
    this.connection = connection;
    this.schema = schema;
  }

  void require(List<Match> written) throws SQLException, ActionException {
    Set<String> names =
        written.stream().map(match -> match.target().name()).collect(Collectors.toSet());
    List<Dangling> found = new ArrayList<>();
    long all = 0;
    for (Table table : schema.tables()) {
      for (ForeignKey key : table.foreignKeys()) {
        boolean concerned = names.contains(table.name()) || names.contains(key.parent());
        if (concerned && !key.definition().endsWith("NOT VALID")) {
          all += look(table, key, found);
        }
      }
    }
    Dangling.require(found, all);
  }

  private long look(Table table, ForeignKey key, List<Dangling> found) throws SQLException {
    List<String> own = table.key().map(Key::columns).orElse(List.of());
    List<String> columns = Stream.concat(key.columns().stream(), own.stream()).toList();
    long all = 0;
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(1000);
      try (ResultSet rows = statement.executeQuery(query(table, key, columns))) {
        while (rows.next()) {
          all++;
          if (found.size() < SHOWN) {
            found.add(dangling(table, key, columns, rows));
          }
        }
      }
    }
    return all;
  }

  private static String query(Table table, ForeignKey key, List<String> columns) {
    String joined =
        IntStream.range(0, key.columns().size())
            .mapToObj(
                i ->
                    "p."
                        + Dialect.quote(key.parentColumns().get(i))
                        + " = c."
                        + Dialect.quote(key.columns().get(i)))
            .collect(Collectors.joining(" AND "));
    String present =
        key.columns().stream()
            .map(column -> "c." + Dialect.quote(column) + " IS NOT NULL")
            .collect(Collectors.joining(" AND "));
    return "SELECT "
        + columns.stream()
            .map(column -> "c." + Dialect.quote(column) + "::text")
            .collect(Collectors.joining(", "))
        + " FROM "
        + Dialect.quote(table)
        + " c WHERE "
        + present
        + " AND NOT EXISTS (SELECT 1 FROM "
        + Dialect.quote(key.parentSchema())
        + "."
        + Dialect.quote(key.parent())
        + " p WHERE "
        + joined
        + ")";
  }

  private static Dangling dangling(Table table, ForeignKey key, List<String> columns, ResultSet row)
      throws SQLException {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      values.add(columns.get(i) + "=" + RowText.value(row.getString(i + 1)));
    }
    int split = key.columns().size();
    return new Dangling(
        table.name(),
        table.name() + " " + String.join(", ", values.subList(split, values.size())),
        String.join(", ", values.subList(0, split)),
        key.parent());
  }
}
