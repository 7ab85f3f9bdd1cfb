package dev.backout.action.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Names and texts where a statement takes no parameters. */
final class Sql {
  private Sql() {}

  static String identifier(String name) {
    return '"' + name.replace("\0", "").replace("\"", "\"\"") + '"';
  }

  /** Whatever {@code standard_conforming_strings} says. */
  static String literal(String text) {
    return " E'" + text.replace("\0", "").replace("\\", "\\\\").replace("'", "''") + "'";
  }

  static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
