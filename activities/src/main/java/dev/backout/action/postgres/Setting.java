package dev.backout.action.postgres;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A setting of a server.
 *
 * @param active what is in force, with its unit
 * @param written what ALTER SYSTEM has set; null for nothing
 * @param needsRestart whether any change of it is in force after a restart alone
 * @param restartNeeded whether what is written is not in force for that reason
 */
record Setting(
    String name,
    String active,
    @Nullable String written,
    boolean needsRestart,
    boolean restartNeeded) {
  private static final String UNSET = "unset";
  private static final String SET = "set ";
  private static final int TURNS = 100;
  private static final long PAUSE_MILLIS = 20;

  private static final String QUESTION =
      """
      SELECT current_setting(s.name), f.setting, s.context = 'postmaster', s.pending_restart, s.context = 'internal'
      FROM pg_settings s LEFT JOIN LATERAL (
        SELECT setting FROM pg_file_settings WHERE name = s.name AND sourcefile LIKE '%postgresql.auto.conf' ORDER BY seqno DESC LIMIT 1) f ON true
      WHERE s.name = lower(?)""";

  static Setting of(String name, Connection connection) throws SQLException, ActionException {
    try (PreparedStatement statement = connection.prepareStatement(QUESTION)) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next() || row.getBoolean(5)) {
          throw new ActionException(
              Kind.INVALID_INPUT,
              "PostgreSQL has no setting "
                  + name
                  + " that can be changed. Nothing was changed; correct `name`.");
        }
        return new Setting(
            name, row.getString(1), row.getString(2), row.getBoolean(3), row.getBoolean(4));
      }
    }
  }

  /** What stands for {@link #written} in a file. */
  String kept() {
    return written == null ? UNSET : SET + written;
  }

  static @Nullable String formerOf(String kept) {
    return kept.startsWith(SET) ? kept.substring(SET.length()) : null;
  }

  /**
   * @param value null to take it out
   */
  void change(@Nullable String value, Connection connection) throws SQLException {
    boolean list = name.equals("search_path") || name.endsWith("_preload_libraries");
    Sql.execute(
        connection,
        value == null
            ? "ALTER SYSTEM RESET " + Sql.identifier(name)
            : "ALTER SYSTEM SET "
                + Sql.identifier(name)
                + " TO "
                + (list && !value.isEmpty() ? value : Sql.literal(value)));
    Sql.execute(connection, "SELECT pg_reload_conf()");
  }

  /** After a change: the server reads its configuration in its own time. */
  Setting awaited(Connection connection) throws SQLException, ActionException {
    Setting now = of(name, connection);
    for (int turn = 0; turn < TURNS && now.isAsIn(this); turn++) {
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return now;
      }
      now = of(name, connection);
    }
    return now;
  }

  private boolean isAsIn(Setting before) {
    return active.equals(before.active) && restartNeeded == before.restartNeeded;
  }
}
