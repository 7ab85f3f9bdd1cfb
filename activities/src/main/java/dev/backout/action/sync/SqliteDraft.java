package dev.backout.action.sync;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.PrivateFiles;
import dev.backout.action.sqlite.Reading;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.Schema;
import dev.backout.action.sync.schema.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.sqlite.SQLiteConfig;

/**
 * The database that is to take the target's place, while it is written: a copy of the target beside
 * it, or an empty one. Nobody else opens it, and it is thrown away if anything fails, so that it
 * needs no journal.
 */
final class SqliteDraft implements AutoCloseable {
  private static final List<String> SETTINGS =
      List.of(
          "PRAGMA locking_mode = EXCLUSIVE",
          "PRAGMA foreign_keys = OFF",
          "PRAGMA recursive_triggers = OFF",
          "PRAGMA cache_size = -65536",
          "PRAGMA synchronous = OFF");

  /** Without what has no content of its own or of a table's. */
  private static final String SEARCH_OF_TABLES =
      """
      SELECT name FROM sqlite_schema
      WHERE type = 'table' AND sql LIKE '%USING fts5%content=%' AND sql NOT LIKE '%content=''''%'""";

  private final Connection connection;
  private final boolean wal;
  private final Map<Load, SqliteInsert> inserts = new IdentityHashMap<>();

  /** SQL that brings back what was taken away while rows go in. */
  private final List<String> later = new ArrayList<>();

  private SqliteDraft(Connection connection, boolean wal) {
    this.connection = connection;
    this.wal = wal;
  }

  /**
   * @param draft must not exist
   * @param like what it begins as, if that exists
   */
  static SqliteDraft begin(Path draft, Path like, ActionContext context)
      throws IOException, SQLException {
    PrivateFiles.create(draft);
    if (Files.exists(like) && Files.size(like) > 0) {
      try (Reading reading = Reading.of(like, context)) {
        reading.copyTo(draft, context);
      }
    }
    Connection connection =
        DriverManager.getConnection(
            "jdbc:sqlite:file:" + draft.toUri().getRawPath() + "?mode=rw", properties());
    try (Statement statement = connection.createStatement()) {
      for (String setting : SETTINGS) {
        statement.execute(setting);
      }
      boolean wal = journal(statement, "").equalsIgnoreCase("wal");
      journal(statement, " = DELETE");
      journal(statement, " = OFF");
      statement.execute("BEGIN EXCLUSIVE");
      return new SqliteDraft(connection, wal);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Else the driver asks for the last number after each statement. */
  private static Properties properties() {
    SQLiteConfig config = new SQLiteConfig();
    config.setGetGeneratedKeys(false);
    return config.toProperties();
  }

  private static String journal(Statement statement, String set) throws SQLException {
    try (ResultSet row = statement.executeQuery("PRAGMA journal_mode" + set)) {
      return row.getString(1);
    }
  }

  Connection connection() {
    return connection;
  }

  Schema schema() throws SQLException {
    return Dialect.SQLITE.read(connection, "main");
  }

  /**
   * Makes the tables that are new, and takes away triggers, which were meant for other writes, and
   * where all rows are written anew indexes, which are made faster afterwards.
   *
   * @param anew of which all rows are written anew
   */
  void prepare(List<Match> matches, Set<Match> anew) throws SQLException {
    Set<String> made =
        matches.stream().map(match -> match.target().name()).collect(Collectors.toSet());
    schema().tables().forEach(table -> made.add(table.name()));
    for (Match match : matches) {
      if (match.isNew()) {
        execute(NewTable.sql(match.target(), made));
        later.addAll(NewTable.indexes(match.target()));
      } else {
        takeAway("trigger", match.target());
        if (anew.contains(match)) {
          takeAway("index", match.target());
          execute("DELETE FROM " + Dialect.quote(match.target()));
        }
      }
    }
  }

  private void takeAway(String type, Table table) throws SQLException {
    List<String> names = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT name, sql FROM sqlite_schema WHERE type = ? AND tbl_name = ? AND sql IS NOT NULL")) {
      statement.setString(1, type);
      statement.setString(2, table.name());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
          later.add(rows.getString(2));
        }
      }
    }
    for (String name : names) {
      execute("DROP " + type + " " + Dialect.quote(name));
    }
  }

  void write(Batch batch) throws SQLException, ActionException {
    SqliteInsert insert = inserts.get(batch.load());
    if (insert == null) {
      insert = new SqliteInsert(connection, batch.load());
      inserts.put(batch.load(), insert);
    }
    insert.write(batch);
  }

  void ended(Load load) throws SQLException {
    SqliteInsert insert = inserts.remove(load);
    if (insert != null) {
      insert.close();
    }
  }

  long count(Table table) throws SQLException {
    return number("SELECT count(*) FROM " + Dialect.quote(table));
  }

  long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getLong(1) : 0;
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  /** Brings indexes and triggers back, has numbers go on where the source's do. */
  void complete(List<Match> matches) throws SQLException, ActionException {
    for (String sql : later) {
      try {
        execute(sql);
      } catch (SQLException e) {
        throw SqliteRefusal.ofIndex(e, connection, matches);
      }
    }
    later.clear();
    rebuildSearch();
    for (Match match : matches) {
      SqliteSequence.set(connection, match);
    }
  }

  /** A full-text index over a table's rows is kept by triggers, which haven't fired. */
  private void rebuildSearch() throws SQLException {
    List<String> names = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(SEARCH_OF_TABLES)) {
      while (rows.next()) {
        names.add(Dialect.quote(rows.getString(1)));
      }
    }
    for (String name : names) {
      execute("INSERT INTO " + name + " (" + name + ") VALUES ('rebuild')");
    }
  }

  /** What is written stands from now on, though not yet durably. */
  void commit() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("COMMIT");
      if (wal) {
        journal(statement, " = WAL");
      }
    }
    connection.close();
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
