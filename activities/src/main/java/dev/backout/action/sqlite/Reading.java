package dev.backout.action.sqlite;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionContext.CancelledException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** A database that is being read, and that reading does not change, nor the directory it is in. */
public final class Reading implements AutoCloseable {
  /** Often enough for a heartbeat, seldom enough not to slow a check. */
  private static final int STEPS_BETWEEN_HEARTBEATS = 500_000;

  private static final int PAGES_BETWEEN_HEARTBEATS = 16_384;
  private static final int BUSY_WAIT_MILLIS = 100;
  private static final int BUSY_TRIES = 50;

  private final Connection connection;
  private final @Nullable Scratch scratch;
  private final AtomicReference<@Nullable CancelledException> cancelled = new AtomicReference<>();

  private Reading(Connection connection, @Nullable Scratch scratch, ActionContext context)
      throws SQLException {
    this.connection = connection;
    this.scratch = scratch;
    ProgressHandler.setHandler(connection, STEPS_BETWEEN_HEARTBEATS, new Heart(context, cancelled));
  }

  /**
   * A database that an application may be using. Opened in the ordinary way, even to read, SQLite
   * would make {@code -wal} and {@code -shm} files and leave them; which way makes none depends on
   * what is there.
   */
  public static Reading of(Path database, ActionContext context) throws IOException, SQLException {
    List<Path> content = Sidecars.withContent(database);
    if (Sidecars.sharedMemory(database)) {
      return new Reading(Connections.reading(database, "?mode=ro&readonly_shm=1"), null, context);
    }
    if (!OpenFiles.of(Sidecars.withDatabase(database)).holders().isEmpty()) {
      return new Reading(Connections.reading(database, "?mode=ro"), null, context);
    }
    if (!content.isEmpty()) {
      return ofCopy(database, context);
    }
    return Header.read(database).wal()
        ? ofFile(database, context)
        : new Reading(Connections.reading(database, "?mode=ro"), null, context);
  }

  /** A file that nobody writes to. */
  static Reading ofFile(Path database, ActionContext context) throws SQLException {
    return new Reading(Connections.reading(database, "?immutable=1"), null, context);
  }

  /** A copy of it with its sidecars, mended by SQLite where a crash left them so. */
  static Reading ofCopy(Path database, ActionContext context) throws IOException, SQLException {
    Scratch scratch = new Scratch();
    try {
      Path copy = scratch.file("copy.db");
      Files.copy(database, copy);
      for (Path sidecar : Sidecars.withContent(database)) {
        Files.copy(sidecar, Sidecars.moved(sidecar, database, copy));
      }
      return new Reading(Connections.writing(copy), scratch, context);
    } catch (IOException | SQLException e) {
      scratch.close();
      throw e;
    }
  }

  /** For questions; whoever asks doesn't close it. */
  public Connection connection() {
    return connection;
  }

  /** What is wrong with it, at most ten lines; empty if nothing is. */
  List<String> problems(Check check) throws SQLException {
    try {
      List<String> lines = strings("PRAGMA " + check.pragma() + "(10)");
      return lines.equals(List.of("ok")) ? List.of() : lines;
    } catch (SQLException e) {
      if (Connections.isDamage(e)) {
        return List.of(String.valueOf(e.getMessage()));
      }
      throw e;
    }
  }

  /** Ordinary tables, by name; not SQLite's own, nor those that an extension keeps. */
  List<String> tables() throws SQLException {
    return strings(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
            + " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name");
  }

  Map<String, Long> rowCounts() throws SQLException {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (String table : tables()) {
      counts.put(table, number("SELECT count(*) FROM \"" + table.replace("\"", "\"\"") + "\""));
    }
    return counts;
  }

  /** One line for each row that points at nothing, at most {@code limit}. */
  List<String> danglingRows(int limit) throws SQLException {
    return strings(
        "SELECT \"table\" || ' row ' || coalesce(rowid, '?') || ' points at no ' || parent"
            + " FROM pragma_foreign_key_check LIMIT "
            + limit);
  }

  /**
   * Copies it as it is at one instant.
   *
   * @param target an empty file
   */
  public void copyTo(Path target, ActionContext context) throws SQLException {
    Heart heart = new Heart(context, cancelled);
    try (Statement statement = connection.createStatement()) {
      // One read transaction around all of it: nobody's write makes the copy begin again.
      statement.execute("BEGIN");
      statement.executeQuery("SELECT count(*) FROM sqlite_schema").close();
      int result =
          connection
              .unwrap(SQLiteConnection.class)
              .getDatabase()
              .backup(
                  "main",
                  target.toString(),
                  (remaining, pages) -> heart.progress(),
                  BUSY_WAIT_MILLIS,
                  BUSY_TRIES,
                  PAGES_BETWEEN_HEARTBEATS);
      statement.execute("ROLLBACK");
      if (result != SQLiteErrorCode.SQLITE_OK.code) {
        SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(result);
        throw new SQLiteException(code.toString(), code);
      }
    } catch (SQLException e) {
      throw cause(e);
    }
    throwIfCancelled();
  }

  private List<String> strings(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    } catch (SQLException e) {
      throw cause(e);
    }
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.getLong(1);
    } catch (SQLException e) {
      throw cause(e);
    }
  }

  /** SQLite only says that it was interrupted; a cancellation is the reason. */
  private SQLException cause(SQLException interrupted) {
    throwIfCancelled();
    return interrupted;
  }

  private void throwIfCancelled() {
    CancelledException reason = cancelled.get();
    if (reason != null) {
      throw reason;
    }
  }

  @Override
  public void close() throws SQLException, IOException {
    try {
      connection.close();
    } finally {
      if (scratch != null) {
        scratch.close();
      }
    }
  }

  /** Called by SQLite from native code, which an exception must not cross. */
  private static final class Heart extends ProgressHandler {
    private final ActionContext context;
    private final AtomicReference<@Nullable CancelledException> cancelled;

    Heart(ActionContext context, AtomicReference<@Nullable CancelledException> cancelled) {
      this.context = context;
      this.cancelled = cancelled;
    }

    @Override
    protected int progress() {
      try {
        context.heartbeat("reading the database");
        return 0;
      } catch (CancelledException e) {
        cancelled.set(e);
        return 1;
      }
    }
  }
}
