package dev.backout.action.sync;

import dev.backout.action.sync.schema.Column;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.Sequence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Where AUTOINCREMENT goes on. */
final class SqliteSequence {
  private SqliteSequence() {}

  /** A number that either side has ever given isn't given again. */
  static void set(Connection connection, Match match) throws SQLException {
    for (Column column : match.target().columns()) {
      if (column.sequence() != null) {
        long highest = Math.max(highest(connection, match, column), last(match, column));
        set(connection, match.target().name(), highest);
      }
    }
  }

  private static long highest(Connection connection, Match match, Column column)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT max(coalesce((SELECT max("
                    + Dialect.quote(column.name())
                    + ") FROM "
                    + Dialect.quote(match.target())
                    + "), 0), coalesce((SELECT seq FROM sqlite_sequence WHERE name = '"
                    + match.target().name().replace("'", "''")
                    + "'), 0))")) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  private static long last(Match match, Column column) {
    return match
        .source()
        .column(column.name())
        .map(Column::sequence)
        .map(Sequence::last)
        .orElse(0L);
  }

  private static void set(Connection connection, String table, long last) throws SQLException {
    for (String sql :
        new String[] {
          "DELETE FROM sqlite_sequence WHERE name = ?2",
          "INSERT INTO sqlite_sequence (seq, name) VALUES (?1, ?2)"
        }) {
      try (PreparedStatement statement = connection.prepareStatement(sql)) {
        statement.setLong(1, last);
        statement.setString(2, table);
        statement.executeUpdate();
      }
    }
  }
}
