package dev.backout.action.sync;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.postgres.Login;
import dev.backout.action.postgres.PostgresUrl;
import dev.backout.action.sync.schema.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * A schema of a database of a PostgreSQL server.
 *
 * @param schema which one
 */
public record PostgresSide(PostgresUrl url, String schema) implements Side {
  private static final Duration LOGIN = Duration.ofSeconds(30);
  private static final String LOST_SNAPSHOT =
      "The server no longer holds the state as of which all is read, as the connection that held it has ended or old_snapshot_threshold has passed: begin again, at a quieter time, or have the server keep it longer.";

  private static final int SILENCE_MILLIS = 600_000;

  /**
   * Texts that don't depend on the server's settings and lose nothing; and row-level security that
   * would hide rows is an error instead.
   */
  private static final String SETTINGS =
      "SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';"
          + " SET extra_float_digits = 3; SET bytea_output = 'hex'; SET lc_monetary = 'C';"
          + " SET row_security = off; SET statement_timeout = 0;"
          + " SET idle_in_transaction_session_timeout = 0; SET synchronize_seqscans = off;"
          // Which not all versions know.
          + " SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'transaction_timeout'";

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRES;
  }

  /** A connection that writes every value as the type table says. */
  public Connection connect() throws SQLException {
    Connection connection = Login.connect(url, LOGIN);
    try (Statement statement = connection.createStatement()) {
      connection.setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
      statement.execute(SETTINGS);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  public ActionException failure(String what, SQLException problem, ActionContext context) {
    ActionException failure = Login.failure(what, problem, url, context);
    String remedy = remedy(problem);
    return remedy.isEmpty()
        ? failure
        : new ActionException(failure.kind(), failure.getMessage() + ". " + remedy, problem);
  }

  private static String remedy(SQLException problem) {
    String state = String.valueOf(problem.getSQLState());
    boolean snapshot = String.valueOf(problem.getMessage()).contains("snapshot");
    return switch (state) {
      case "72000" -> LOST_SNAPSHOT;
      case "22023", "55000" -> snapshot ? LOST_SNAPSHOT : "";
      case "40001" ->
          "A standby ends readers that hold it up: read the primary, or have the standby wait by max_standby_streaming_delay.";
      case "57014" ->
          "Somebody cancelled the statement, or a limit of the server or of a pooler did: see its log, then begin again.";
      default -> "";
    };
  }

  @Override
  public String toString() {
    return url.toString().replaceFirst("^jdbc:", "");
  }
}
