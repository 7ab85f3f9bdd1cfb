package dev.backout.action.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * A database of a server.
 *
 * @param oid what it stays through a change of its name
 * @param comment empty for none
 */
record Database(long oid, String name, String comment) {
  private static final String BY =
      "SELECT oid, datname, coalesce(shobj_description(oid, 'pg_database'), '') FROM pg_database WHERE ";

  /** What a database's comment begins with that Backout has restored. */
  static final String RESTORED = "Restored by Backout ";

  static Optional<Database> named(String name, Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BY + "datname = ?")) {
      statement.setString(1, name);
      return found(statement);
    }
  }

  static Optional<Database> of(long oid, Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(BY + "oid = ?::oid")) {
      statement.setLong(1, oid);
      return found(statement);
    }
  }

  private static Optional<Database> found(PreparedStatement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery()) {
      return row.next()
          ? Optional.of(new Database(row.getLong(1), row.getString(2), row.getString(3)))
          : Optional.empty();
    }
  }

  boolean isRestored() {
    return comment.startsWith(RESTORED);
  }

  /** Also while somebody is connected, where the server knows how. */
  static void drop(String name, Connection connection) throws SQLException {
    boolean force = connection.getMetaData().getDatabaseMajorVersion() >= 13;
    Sql.execute(
        connection,
        "DROP DATABASE IF EXISTS " + Sql.identifier(name) + (force ? " WITH (FORCE)" : ""));
  }

  /**
   * Names are cut by PostgreSQL at 63 bytes, without a word.
   *
   * @return the reason why it can't be a name; empty if it can
   */
  static Optional<String> refusal(String name) {
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    return name.isBlank() || name.contains("\0")
        ? Optional.of("'" + name + "' can't be a database's name")
        : bytes > 63
            ? Optional.of("'" + name + "' is longer than the 63 bytes of a database's name")
            : Optional.empty();
  }
}
