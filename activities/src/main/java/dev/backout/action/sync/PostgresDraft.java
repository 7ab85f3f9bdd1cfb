package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.StepCall;
import dev.backout.action.postgres.Session;
import dev.backout.action.sync.schema.Column;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.Sequence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A PostgreSQL database while it is written in one transaction: references and triggers are taken
 * away first and brought back last, as nobody sees the tables between.
 */
final class PostgresDraft {
  private static final String COPIES = "backout sync.copy";

  private static final String REFERENCES =
      """
      SELECT k.conrelid::regclass::text, quote_ident(k.conname), pg_get_constraintdef(k.oid) FROM pg_constraint k
      WHERE k.contype = 'f' AND k.conparentid = 0 AND (k.conrelid = ANY (?::regclass[]) OR k.confrelid = ANY (?::regclass[]))
      ORDER BY 1, 2""";

  /** What fires when rows are written, and how it is switched on. */
  private static final String TRIGGERS =
      """
      SELECT t.tgrelid::regclass::text, quote_ident(t.tgname), CASE t.tgenabled WHEN 'A' THEN 'ALWAYS ' WHEN 'R' THEN 'REPLICA ' ELSE '' END
      FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND t.tgparentid = 0 AND t.tgrelid = ANY (?::regclass[])
      ORDER BY 1, 2""";

  private final Connection connection;
  private final List<String> later = new ArrayList<>();

  PostgresDraft(Connection connection) {
    this.connection = connection;
  }

  Connection connection() {
    return connection;
  }

  /**
   * Refuses a second copy into the same schema, and doesn't wait for ever for an application.
   *
   * @param patience how long a table is waited for
   * @param call what this connection is called, so that others can see who holds the tables
   */
  void begin(String schema, Duration patience, StepCall call) throws SQLException, ActionException {
    name("backout " + call.runId() + "/" + call.step());
    connection.setAutoCommit(false);
    execute("SET LOCAL lock_timeout = " + Math.max(1, patience.toMillis()));
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_try_advisory_xact_lock(hashtext(?), hashtext(?))")) {
      statement.setString(1, COPIES);
      statement.setString(2, schema);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next() || !row.getBoolean(1)) {
          List<Session> others = Session.withAdvisoryLock(COPIES, schema, connection);
          throw new ActionException(
              Kind.PERMANENT,
              "Another copy into the schema "
                  + schema
                  + " of the target is under way"
                  + (others.isEmpty() ? "" : ": " + Session.listed(others))
                  + ". Wait for it, or stop it. Nothing was changed.");
        }
      }
    }
  }

  private void name(String text) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT set_config('application_name', ?, false)")) {
      statement.setString(1, text);
      statement.executeQuery().close();
    }
  }

  /**
   * From here on, nobody else sees or writes the tables.
   *
   * @throws ActionException that names whoever uses them and doesn't let go in time
   */
  void prepare(List<Match> matches, Set<Match> anew) throws SQLException, ActionException {
    String[] names =
        matches.stream().map(match -> Dialect.quote(match.target())).toArray(String[]::new);
    try {
      takeAway(names);
    } catch (SQLException e) {
      if ("55P03".equals(e.getSQLState())) {
        throw inUse(names, e);
      }
      throw e;
    }
    if (!anew.isEmpty()) {
      execute(
          "TRUNCATE "
              + String.join(
                  ", ",
                  anew.stream()
                      .map(
                          match ->
                              (match.target().partitioned() ? "" : "ONLY ")
                                  + Dialect.quote(match.target()))
                      .toList()));
    }
  }

  private ActionException inUse(String[] names, SQLException problem) throws SQLException {
    connection.rollback();
    List<Session> others = Session.using(List.of(names), connection);
    return new ActionException(
        Kind.PERMANENT,
        "The target's tables are in use"
            + (others.isEmpty() ? "" : ", by " + Session.listed(others))
            + ": stop what uses them, or end it with postgres.terminateConnections, or wait longer by lockTimeout. Nothing was changed.",
        problem);
  }

  private void takeAway(String[] names) throws SQLException {
    execute("LOCK TABLE " + String.join(", ", names) + " IN ACCESS EXCLUSIVE MODE");
    List<String> now = new ArrayList<>();
    for (String[] found : found(REFERENCES, names, names)) {
      now.add("ALTER TABLE " + found[0] + " DROP CONSTRAINT " + found[1]);
      later.add("ALTER TABLE " + found[0] + " ADD CONSTRAINT " + found[1] + " " + found[2]);
    }
    for (String[] found : found(TRIGGERS, (Object) names)) {
      now.add("ALTER TABLE " + found[0] + " DISABLE TRIGGER " + found[1]);
      later.add("ALTER TABLE " + found[0] + " ENABLE " + found[2] + "TRIGGER " + found[1]);
    }
    for (String sql : now) {
      execute(sql);
    }
  }

  private List<String[]> found(String sql, Object... arrays) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < arrays.length; i++) {
        statement.setArray(i + 1, connection.createArrayOf("text", (String[]) arrays[i]));
      }
      try (ResultSet rows = statement.executeQuery()) {
        List<String[]> found = new ArrayList<>();
        while (rows.next()) {
          found.add(new String[] {rows.getString(1), rows.getString(2), rows.getString(3)});
        }
        return found;
      }
    }
  }

  void complete(List<Match> matches) throws SQLException {
    for (String sql : later) {
      execute(sql);
    }
    for (Match match : matches) {
      for (Column column : match.target().columns()) {
        if (column.sequence() != null) {
          goOn(match, column, column.sequence());
        }
      }
    }
  }

  /** Behind the highest number of either side. */
  private void goOn(Match match, Column column, Sequence sequence) throws SQLException {
    long last = Optional.ofNullable(sequence.last()).orElse(0L);
    long theirs =
        match.source().column(column.name()).map(Column::sequence).map(Sequence::last).orElse(0L);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT setval(?::regclass, n) FROM (SELECT greatest(?, max("
                + Dialect.quote(column.name())
                + ")::bigint) AS n FROM "
                + Dialect.quote(match.target())
                + ") x WHERE n > 0")) {
      statement.setString(1, sequence.name());
      statement.setLong(2, Math.max(last, theirs));
      statement.executeQuery().close();
    }
  }

  long count(String table) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
      row.next();
      return row.getLong(1);
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
