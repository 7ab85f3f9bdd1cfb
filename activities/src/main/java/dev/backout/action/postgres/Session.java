package dev.backout.action.postgres;

import dev.backout.action.Doc;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Somebody's connection to a database. */
public record Session(
    @Doc("The server's process.") int pid,
    @Doc("The login.") String user,
    @Doc("What the client calls itself; empty if nothing.") String application,
    @Doc("Where the client is; empty for a local one.") String client,
    @Doc("Such as `idle in transaction`.") String state,
    @Doc(value = "How long it has been in that state, in whole seconds.", reading = true)
        long seconds) {
  static final String COLUMNS =
      "pid, coalesce(usename, ''), coalesce(application_name, ''), coalesce(host(client_addr), ''), coalesce(state, ''),"
          + " coalesce(extract(epoch FROM now() - state_change)::bigint, 0)";

  /** Those of a database, but this connection. */
  static List<Session> of(String database, Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM pg_stat_activity WHERE datname = ? AND backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY pid")) {
      statement.setString(1, database);
      return read(statement);
    }
  }

  /** Those that hold the advisory lock of two words, in this database. */
  public static List<Session> withAdvisoryLock(String space, String of, Connection connection)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM pg_stat_activity WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                + " AND classid = hashtext(?)::oid AND objid = hashtext(?)::oid AND objsubid = 2) ORDER BY pid")) {
      statement.setString(1, space);
      statement.setString(2, of);
      return read(statement);
    }
  }

  /**
   * Those, but this connection, that use a table or one that refers to it.
   *
   * @param tables as SQL writes them
   */
  public static List<Session> using(List<String> tables, Connection connection)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT "
                + COLUMNS
                + " FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'relation' AND granted"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                + " AND (relation = ANY (?::regclass[]) OR relation IN (SELECT conrelid FROM pg_constraint WHERE confrelid = ANY (?::regclass[])))) ORDER BY pid")) {
      String[] names = tables.toArray(String[]::new);
      statement.setArray(1, connection.createArrayOf("text", names));
      statement.setArray(2, connection.createArrayOf("text", names));
      return read(statement);
    }
  }

  static List<Session> read(PreparedStatement statement) throws SQLException {
    List<Session> sessions = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        sessions.add(
            new Session(
                rows.getInt(1),
                rows.getString(2),
                rows.getString(3),
                rows.getString(4),
                rows.getString(5),
                Math.max(0, rows.getLong(6))));
      }
    }
    return sessions;
  }

  /** Ends all of a database, but this connection. */
  static void endAll(String database, Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ? AND backend_type = 'client backend' AND pid <> pg_backend_pid()")) {
      statement.setString(1, database);
      var unused = statement.execute();
    }
  }

  public static String listed(List<Session> sessions) {
    return sessions.stream().limit(10).map(Session::toString).collect(Collectors.joining("; "))
        + (sessions.size() > 10 ? "; and " + (sessions.size() - 10) + " more" : "");
  }

  @Override
  public String toString() {
    return "pid "
        + pid
        + " of "
        + user
        + (application.isEmpty() ? "" : " (" + application + ")")
        + (client.isEmpty() ? "" : " from " + client)
        + (state.isEmpty() ? "" : ", " + state);
  }
}
