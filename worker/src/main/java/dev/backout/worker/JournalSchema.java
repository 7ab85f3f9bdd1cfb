package dev.backout.worker;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** The journal's tables. What an older release has written is brought up to date where it lies. */
final class JournalSchema {
  /** Columns that came later, with their types. */
  private static final Map<String, String> LATER =
      new TreeMap<>(
          Map.of(
              "outputs",
              "TEXT",
              "failure_kind",
              "TEXT",
              "worker_mark",
              "TEXT",
              "behind",
              "INTEGER"));

  private JournalSchema() {}

  static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      try {
        tables(statement);
        addLater(statement);
        statement.execute("COMMIT");
      } catch (SQLException e) {
        statement.execute("ROLLBACK");
        throw e;
      }
    }
  }

  private static void tables(Statement statement) throws SQLException {
    statement.execute(
        """
        CREATE TABLE IF NOT EXISTS acts (
          id INTEGER PRIMARY KEY,
          run_id TEXT NOT NULL,
          runbook TEXT NOT NULL,
          target TEXT NOT NULL,
          step TEXT NOT NULL,
          attempt INTEGER NOT NULL,
          action TEXT NOT NULL,
          repeatable INTEGER NOT NULL,
          worker_pid INTEGER NOT NULL,
          began_at TEXT NOT NULL,
          ended_at TEXT,
          outcome TEXT
        ) STRICT""");
    statement.execute("CREATE INDEX IF NOT EXISTS acts_by_run ON acts (run_id, step)");
    statement.execute(
        "CREATE TABLE IF NOT EXISTS signed_starts"
            + " (id TEXT PRIMARY KEY, run_id TEXT NOT NULL, at TEXT NOT NULL) STRICT");
    statement.execute("CREATE TABLE IF NOT EXISTS journal (id TEXT NOT NULL) STRICT");
    statement.execute(
        "INSERT INTO journal SELECT '"
            + UUID.randomUUID().toString().substring(0, 8)
            + "' WHERE NOT EXISTS (SELECT 1 FROM journal)");
  }

  private static void addLater(Statement statement) throws SQLException {
    Set<String> there = new HashSet<>();
    try (ResultSet columns = statement.executeQuery("PRAGMA table_info(acts)")) {
      while (columns.next()) {
        there.add(columns.getString("name"));
      }
    }
    for (Map.Entry<String, String> column : LATER.entrySet()) {
      if (!there.contains(column.getKey())) {
        statement.execute(
            "ALTER TABLE acts ADD COLUMN " + column.getKey() + " " + column.getValue());
      }
    }
  }
}
