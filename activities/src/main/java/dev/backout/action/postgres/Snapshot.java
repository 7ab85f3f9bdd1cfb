package dev.backout.action.postgres;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * A moment of a database that several sessions can see for as long as this one is open: what is
 * counted is what is dumped.
 *
 * @param id for {@code pg_dump --snapshot}
 */
record Snapshot(
    Connection connection, String id, Instant at, Version server, DumpManifest.Locale locale)
    implements AutoCloseable {
  // The columns of locales have other names in each version.
  private static final String EXPORT =
      """
      SELECT pg_export_snapshot(), now(), current_setting('server_version'), pg_encoding_to_char(encoding), datcollate, datctype,
        CASE row ->> 'datlocprovider' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' END,
        coalesce(row ->> 'datlocale', row ->> 'daticulocale')
      FROM pg_database d, to_jsonb(d) row WHERE datname = current_database()""";

  /**
   * @param within how long it may be held
   */
  static Snapshot take(PostgresUrl url, Duration within) throws SQLException {
    Connection connection = Login.connect(url, within);
    try {
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET LOCAL idle_in_transaction_session_timeout = 0");
        statement.execute("SET LOCAL statement_timeout = " + Math.max(1, within.toMillis()));
        statement.execute("SET LOCAL row_security = off");
        try (ResultSet row = statement.executeQuery(EXPORT)) {
          row.next();
          return new Snapshot(
              connection,
              row.getString(1),
              row.getTimestamp(2).toInstant(),
              Version.in(row.getString(3)),
              new DumpManifest.Locale(
                  row.getString(4),
                  row.getString(5),
                  row.getString(6),
                  row.getString(7),
                  row.getString(8)));
        }
      }
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  Map<String, Long> rows(ActionContext context) throws SQLException {
    return RowCounts.of(connection, context);
  }

  /** In bytes, with indexes and what is not yet cleared away: about the most that a dump takes. */
  long size() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_database_size(current_database())")) {
      row.next();
      return row.getLong(1);
    }
  }

  /** A pg_dump refuses a server that is newer than itself, and with good reason. */
  void requireClient(Version client) throws ActionException {
    if (client.major() < server.major()) {
      throw new ActionException(
          Kind.PERMANENT,
          "This worker's pg_dump is of version "
              + client
              + ", and the server is newer: "
              + server
              + ". Nothing was dumped. Install PostgreSQL's client programs of version "
              + server.major()
              + " or later on the worker.");
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing was changed in it, and the server ends it by itself.
    }
  }
}
