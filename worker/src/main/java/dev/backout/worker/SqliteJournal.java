package dev.backout.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
  private static final int LONGEST_OUTPUTS = 64 * 1024;
  private static final String DONE = "done";
  private static final String FAILED = "failed: ";
  private static final String GIVEN_UP =
      "This attempt was given up before it began, so it does not begin any more.";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ProcessMark OWN = ProcessMark.own();

  /** Acts under way in this process, whichever of its journals they stand in. */
  private static final Set<String> OF_THIS_PROCESS = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final Connection durable;
  private final Connection quick;
  private final Clock clock;

  private SqliteJournal(Path file, Connection durable, Connection quick, Clock clock) {
    this.file = file;
    this.durable = durable;
    this.quick = quick;
    this.clock = clock;
  }

  /**
   * Opens the journal, making it if it isn't there.
   *
   * @throws SQLException if the file can't be opened or isn't a journal
   */
  public static SqliteJournal open(Path file) throws SQLException {
    return open(file, Clock.systemUTC());
  }

  /**
   * The times of notes are for people and for what other machines say; nothing here hangs on them.
   */
  static SqliteJournal open(Path file, Clock clock) throws SQLException {
    Connection durable = connect(file, "FULL");
    JournalSchema.prepare(durable);
    return new SqliteJournal(file, durable, connect(file, "NORMAL"), clock);
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

  /** What tells this journal from those of other workers. */
  String id() throws SQLException {
    synchronized (quick) {
      try (Statement statement = quick.createStatement();
          ResultSet row = statement.executeQuery("SELECT id FROM journal")) {
        return row.getString(1);
      }
    }
  }

  @Override
  public Act begin(StepCall call, String action, boolean repeatable) throws ActionException {
    Connection connection = repeatable ? quick : durable;
    try {
      long id = repeatable ? insertAlone(call, action) : insertFirst(call, action);
      String key = key(id);
      OF_THIS_PROCESS.add(key);
      return outcome -> {
        end(connection, id, outcome);
        OF_THIS_PROCESS.remove(key);
      };
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

  private String key(long id) {
    return file.toAbsolutePath() + "#" + id;
  }

  /** Unless another attempt of the step goes on. */
  private long insertAlone(StepCall call, String action) throws SQLException, ActionException {
    synchronized (quick) {
      try (Statement transaction = quick.createStatement()) {
        transaction.execute("BEGIN IMMEDIATE");
        try {
          Optional<Note> other = underWay(quick, call);
          if (other.isPresent()) {
            throw new StillUnderWayException(
                other.get().call().attempt(), other.get().worker().pid());
          }
          long id = insert(quick, call, action, true);
          transaction.execute("COMMIT");
          return id;
        } catch (SQLException | ActionException e) {
          rollBack(transaction);
          throw e;
        }
      }
    }
  }

  /** Another attempt of the same step of the same run, by a process that lives. */
  private Optional<Note> underWay(Connection connection, StepCall call) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT * FROM acts WHERE run_id = ? AND step = ? AND attempt <> ? AND ended_at IS NULL ORDER BY id DESC")) {
      select.setString(1, call.runId());
      select.setString(2, call.step());
      select.setInt(3, call.attempt());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          Note note = note(row);
          if (goesOn(note)) {
            return Optional.of(note);
          }
        }
        return Optional.empty();
      }
    }
  }

  /** This process knows of itself better than by its notes, which a full disk may have refused. */
  private boolean goesOn(Note note) {
    return note.worker().equals(OWN)
        ? OF_THIS_PROCESS.contains(key(note.id()))
        : note.worker().isAlive();
  }

  private long insertFirst(StepCall call, String action) throws SQLException, ActionException {
    Optional<Note> other;
    long id;
    synchronized (durable) {
      try (Statement transaction = durable.createStatement()) {
        transaction.execute("BEGIN IMMEDIATE");
        try {
          Optional<Note> before = note(durable, call);
          if (before.isPresent()) {
            throw new BegunBeforeException(before.get().end());
          }
          other = underWay(durable, call);
          id = insert(durable, call, action, false);
          if (other.isPresent()) {
            standBack(id, other.get());
          }
          transaction.execute("COMMIT");
        } catch (SQLException | ActionException e) {
          rollBack(transaction);
          throw e;
        }
      }
    }
    if (other.isPresent()) {
      throw new ActionException(ActionException.Kind.UNKNOWN_OUTCOME, stoodBack(other.get()));
    }
    return id;
  }

  /** Whoever asks what became of the one that stands back is told what became of the other. */
  private void standBack(long id, Note other) throws SQLException {
    end(durable, id, new Failed(ActionException.Kind.UNKNOWN_OUTCOME, stoodBack(other)));
    try (PreparedStatement update =
        durable.prepareStatement("UPDATE acts SET behind = ? WHERE id = ?")) {
      update.setLong(1, other.id());
      update.setLong(2, id);
      update.executeUpdate();
    }
  }

  private static String stoodBack(Note other) {
    return "It was not begun: attempt "
        + other.call().attempt()
        + " is still under way in process "
        + other.worker().pid()
        + ", and what came of that counts.";
  }

  /** A disk that is full may have ended the transaction: the first word on that is the true one. */
  private static void rollBack(Statement transaction) {
    try {
      transaction.execute("ROLLBACK");
    } catch (SQLException e) {
      LOG.debug("Nothing to roll back: {}", e.getMessage());
    }
  }

  /**
   * Makes sure that an attempt of which there is no note never begins here.
   *
   * @return the note if there is one; empty if it hasn't begun, and now never will
   */
  Optional<Note> noteOrRefuse(StepCall call) throws SQLException {
    synchronized (durable) {
      try (Statement transaction = durable.createStatement()) {
        transaction.execute("BEGIN IMMEDIATE");
        try {
          Optional<Note> noted = note(durable, call);
          if (noted.isEmpty()) {
            long id = insert(durable, call, "", false);
            end(durable, id, new Failed(ActionException.Kind.PERMANENT, GIVEN_UP));
          }
          transaction.execute("COMMIT");
          return noted.filter(note -> !note.action().isEmpty());
        } catch (SQLException e) {
          rollBack(transaction);
          throw e;
        }
      }
    }
  }

  private long insert(Connection connection, StepCall call, String action, boolean repeatable)
      throws SQLException {
    synchronized (connection) {
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO acts (run_id, runbook, target, step, attempt, action, repeatable, worker_pid, worker_mark, began_at)"
                  + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id")) {
        insert.setString(1, call.runId());
        insert.setString(2, call.runbook());
        insert.setString(3, call.target());
        insert.setString(4, call.step());
        insert.setInt(5, call.attempt());
        insert.setString(6, action);
        insert.setInt(7, repeatable ? 1 : 0);
        insert.setLong(8, OWN.pid());
        insert.setString(9, OWN.mark());
        insert.setString(10, clock.instant().toString());
        try (ResultSet id = insert.executeQuery()) {
          return id.getLong(1);
        }
      }
    }
  }

  /** The act is over whatever the journal says, so a note that fails here only leaves a doubt. */
  private void end(Connection connection, long id, Outcome outcome) {
    try {
      synchronized (connection) {
        try (PreparedStatement update =
            connection.prepareStatement(
                "UPDATE acts SET ended_at = ?, outcome = ?, outputs = ?, failure_kind = ? WHERE id = ?")) {
          update.setString(1, clock.instant().toString());
          update.setString(2, outcome.toString());
          update.setString(3, outputs(outcome));
          update.setString(4, outcome instanceof Failed failed ? failed.kind().name() : null);
          update.setLong(5, id);
          update.executeUpdate();
        }
      }
    } catch (SQLException e) {
      LOG.warn(
          "The end of act {} ({}) is not in the journal {}: {}", id, outcome, file, e.getMessage());
    }
  }

  private static @Nullable String outputs(Outcome outcome) {
    if (!(outcome instanceof Done done) || done.outputs() == null) {
      return null;
    }
    String json = done.outputs().toString();
    return json.getBytes(UTF_8).length <= LONGEST_OUTPUTS ? json : null;
  }

  /**
   * Notes that a signature has started a run, unless it has started one before.
   *
   * @param id of the signature
   * @return the run that it started first
   */
  public String firstRunOf(String id, String runId) throws SQLException {
    synchronized (durable) {
      try (PreparedStatement insert =
              durable.prepareStatement(
                  "INSERT INTO signed_starts (id, run_id, at) VALUES (?, ?, ?)"
                      + " ON CONFLICT (id) DO NOTHING");
          PreparedStatement select =
              durable.prepareStatement("SELECT run_id FROM signed_starts WHERE id = ?")) {
        insert.setString(1, id);
        insert.setString(2, runId);
        insert.setString(3, clock.instant().toString());
        insert.executeUpdate();
        select.setString(1, id);
        try (ResultSet first = select.executeQuery()) {
          return first.getString(1);
        }
      }
    }
  }

  /**
   * One note.
   *
   * @param id within this journal
   * @param worker the process that began it
   * @param outcome null for an act that began and of which no end was noted
   * @param end the same for machines
   */
  record Note(
      long id,
      StepCall call,
      String action,
      boolean repeatable,
      ProcessMark worker,
      Instant beganAt,
      @Nullable Instant endedAt,
      @Nullable String outcome,
      @Nullable Outcome end) {}

  private static Optional<Note> note(Connection connection, StepCall call) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT * FROM acts WHERE run_id = ? AND step = ? AND attempt = ? ORDER BY id DESC LIMIT 1")) {
      select.setString(1, call.runId());
      select.setString(2, call.step());
      select.setInt(3, call.attempt());
      return first(select);
    }
  }

  private static Optional<Note> first(PreparedStatement select) throws SQLException {
    try (ResultSet row = select.executeQuery()) {
      return row.next() ? Optional.of(note(row)) : Optional.empty();
    }
  }

  /**
   * The note of the attempt that counts for this one: of the one for which it stood back, if any.
   */
  Note thatCounts(Note note) throws SQLException {
    synchronized (quick) {
      try (PreparedStatement select =
          quick.prepareStatement(
              "WITH RECURSIVE chain (id, behind) AS (SELECT id, behind FROM acts WHERE id = ?"
                  + " UNION SELECT acts.id, acts.behind FROM acts JOIN chain ON acts.id = chain.behind)"
                  + " SELECT * FROM acts WHERE id = (SELECT id FROM chain WHERE behind IS NULL)")) {
        select.setLong(1, note.id());
        return first(select).orElse(note);
      }
    }
  }

  /** The notes of a run, in the order in which the acts began. */
  List<Note> notes(String runId) throws SQLException {
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

  /**
   * The notes of a runbook on a target since then, of whatever run, in the order in which the acts
   * began: the first that is not of an earlier time, and all after it, as a clock may have been set
   * back since.
   */
  List<Note> notesSince(String target, String runbook, Instant since) throws SQLException {
    synchronized (quick) {
      try (PreparedStatement select =
          quick.prepareStatement(
              "SELECT * FROM acts WHERE target = ? AND runbook = ? ORDER BY id")) {
        select.setString(1, target);
        select.setString(2, runbook);
        List<Note> notes = new ArrayList<>();
        try (ResultSet row = select.executeQuery()) {
          while (row.next()) {
            Note note = note(row);
            if (!notes.isEmpty() || !note.beganAt().isBefore(since)) {
              notes.add(note);
            }
          }
        }
        return notes;
      }
    }
  }

  /**
   * The runs of a runbook on a target that have begun an act since then, in the order of their
   * first notes.
   */
  List<String> runsSince(String target, String runbook, Instant since) throws SQLException {
    return notesSince(target, runbook, since).stream()
        .filter(note -> !note.action().isEmpty())
        .map(note -> note.call().runId())
        .distinct()
        .toList();
  }

  private static Note note(ResultSet row) throws SQLException {
    String ended = row.getString("ended_at");
    return new Note(
        row.getLong("id"),
        new StepCall(
            row.getString("run_id"),
            row.getString("runbook"),
            row.getString("target"),
            row.getString("step"),
            row.getInt("attempt")),
        row.getString("action"),
        row.getInt("repeatable") == 1,
        new ProcessMark(
            row.getLong("worker_pid"),
            Objects.requireNonNullElse(row.getString("worker_mark"), "")),
        Instant.parse(row.getString("began_at")),
        ended == null ? null : Instant.parse(ended),
        row.getString("outcome"),
        end(row));
  }

  private static @Nullable Outcome end(ResultSet row) throws SQLException {
    String outcome = row.getString("outcome");
    if (outcome == null) {
      return null;
    }
    if (outcome.equals(DONE)) {
      String outputs = row.getString("outputs");
      return new Done(outputs == null ? null : json(outputs));
    }
    if (outcome.startsWith(FAILED)) {
      String kind = row.getString("failure_kind");
      return new Failed(
          kind == null ? ActionException.Kind.UNKNOWN_OUTCOME : ActionException.Kind.valueOf(kind),
          outcome.substring(FAILED.length()));
    }
    return new Cancelled();
  }

  private static @Nullable JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
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
