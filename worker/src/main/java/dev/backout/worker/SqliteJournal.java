package dev.backout.worker;

import dev.backout.action.ActionException;
import dev.backout.action.Journal;
import dev.backout.action.StepCall;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal in a SQLite file, which several workers of a machine may share. The note before an
 * act that isn't safe to repeat is on the disk before the act begins; other notes are safe against
 * a crash of the worker, not of the machine.
 */
public final class SqliteJournal implements Journal, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SqliteJournal.class);
  private static final int BUSY_MILLIS = 5_000;

  private final Path file;
  private final Connection durable;
  private final Connection quick;

  private SqliteJournal(Path file, Connection durable, Connection quick) {
    this.file = file;
    this.durable = durable;
    this.quick = quick;
  }

  /**
   * Opens the journal, making it if it isn't there.
   *
   * @throws SQLException if the file can't be opened or isn't a journal
   */
  public static SqliteJournal open(Path file) throws SQLException {
    Connection durable = connect(file, "FULL");
    try (Statement statement = durable.createStatement()) {
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
    }
    return new SqliteJournal(file, durable, connect(file, "NORMAL"));
  }

  private static Connection connect(Path file, String synchronous) throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = " + synchronous);
    }
    return connection;
  }

  @Override
  public Act begin(StepCall call, String action, boolean repeatable) throws ActionException {
    Connection connection = repeatable ? quick : durable;
    try {
      long id = insert(connection, call, action, repeatable);
      return outcome -> end(connection, id, outcome);
    } catch (SQLException e) {
      if (repeatable) {
        LOG.warn(
            "{} of step {} is not in the journal {}: {}",
            action,
            call.step(),
            file,
            e.getMessage());
        return outcome -> {};
      }
      throw new ActionException(
          ActionException.Kind.TRANSIENT,
          action
              + " was not begun: it must not be repeated, so it is noted in the worker's journal first, and "
              + file
              + " can't be written ("
              + e.getMessage()
              + "). See to the disk or to whoever holds the file, then retry the step.",
          e);
    }
  }

  private static long insert(
      Connection connection, StepCall call, String action, boolean repeatable) throws SQLException {
    synchronized (connection) {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO acts (run_id, runbook, target, step, attempt, action, repeatable, worker_pid, began_at)"
                  + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id")) {
        insert.setString(1, call.runId());
        insert.setString(2, call.runbook());
        insert.setString(3, call.target());
        insert.setString(4, call.step());
        insert.setInt(5, call.attempt());
        insert.setString(6, action);
        insert.setInt(7, repeatable ? 1 : 0);
        insert.setLong(8, ProcessHandle.current().pid());
        insert.setString(9, Instant.now().toString());
        try (ResultSet id = insert.executeQuery()) {
          return id.getLong(1);
        }
      }
    }
  }

  /** The act is over whatever the journal says, so a note that fails here only leaves a doubt. */
  private void end(Connection connection, long id, String outcome) {
    try {
      synchronized (connection) {
        try (PreparedStatement update =
            connection.prepareStatement("UPDATE acts SET ended_at = ?, outcome = ? WHERE id = ?")) {
          update.setString(1, Instant.now().toString());
          update.setString(2, outcome);
          update.setLong(3, id);
          update.executeUpdate();
        }
      }
    } catch (SQLException e) {
      LOG.warn(
          "The end of act {} ({}) is not in the journal {}: {}", id, outcome, file, e.getMessage());
    }
  }

  /**
   * One note.
   *
   * @param outcome null for an act that began and of which no end was noted
   */
  public record Note(
      StepCall call,
      String action,
      boolean repeatable,
      Instant beganAt,
      @Nullable Instant endedAt,
      @Nullable String outcome) {}

  /** The notes of a run, in the order in which the acts began. */
  public List<Note> notes(String runId) throws SQLException {
    synchronized (quick) {
      try (PreparedStatement select =
          quick.prepareStatement("SELECT * FROM acts WHERE run_id = ? ORDER BY id")) {
        select.setString(1, runId);
        List<Note> notes = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            notes.add(note(row));
          }
        }
        return notes;
      }
    }
  }

  private static Note note(ResultSet row) throws SQLException {
    String ended = row.getString("ended_at");
    return new Note(
        new StepCall(
            row.getString("run_id"),
            row.getString("runbook"),
            row.getString("target"),
            row.getString("step"),
            row.getInt("attempt")),
        row.getString("action"),
        row.getInt("repeatable") == 1,
        Instant.parse(row.getString("began_at")),
        ended == null ? null : Instant.parse(ended),
        row.getString("outcome"));
  }

  /**
   * SQLite's {@code synchronous} of the connection for acts that must not be repeated, then of the
   * other.
   */
  List<Integer> synchronous() throws SQLException {
    List<Integer> levels = new ArrayList<>();
    for (Connection connection : List.of(durable, quick)) {
      try (Statement statement = connection.createStatement();
          ResultSet level = statement.executeQuery("PRAGMA synchronous")) {
        levels.add(level.getInt(1));
      }
    }
    return levels;
  }

  @Override
  public void close() throws SQLException {
    quick.close();
    durable.close();
  }
}
