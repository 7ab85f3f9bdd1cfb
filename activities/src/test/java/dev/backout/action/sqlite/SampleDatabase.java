package dev.backout.action.sqlite;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;

/**
 * Real databases for the tests: artifacts that all carry one marker, and the topics they belong to.
 */
final class SampleDatabase {
  private SampleDatabase() {}

  static Connection open(Path path) throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + path);
  }

  static Path create(Path path, String marker, int rows) throws SQLException {
    try (Connection connection = open(path)) {
      fill(connection, marker, rows);
    }
    return path;
  }

  static void fill(Connection connection, String marker, int rows) throws SQLException {
    execute(
        connection,
        "CREATE TABLE topics(id INTEGER PRIMARY KEY, name TEXT)",
        "INSERT INTO topics VALUES (1, 'all')",
        "CREATE TABLE artifacts(id INTEGER PRIMARY KEY, marker TEXT, body TEXT,"
            + " topic INTEGER REFERENCES topics(id))",
        "CREATE INDEX by_marker ON artifacts(marker)");
    insert(connection, marker, rows);
  }

  static void insert(Connection connection, String marker, int rows) throws SQLException {
    execute(
        connection,
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
            + rows
            + ") INSERT INTO artifacts(marker, body, topic) SELECT '"
            + marker
            + "', hex(randomblob(200)), 1 FROM n");
  }

  static void execute(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /**
   * As a killed application leaves it: {@code rows} in the file, and as many again committed to the
   * write-ahead log only.
   */
  static Path crashed(Path path, String marker, int rows) throws SQLException, IOException {
    Path live = Files.createTempDirectory(path.getParent(), "live-").resolve("app.db");
    try (Connection connection = open(live)) {
      execute(connection, "PRAGMA journal_mode = WAL");
      fill(connection, marker, rows);
      execute(connection, "PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA wal_autocheckpoint = 0");
      insert(connection, marker, rows);
      for (String suffix : new String[] {"", "-wal", "-shm"}) {
        Files.copy(sibling(live, suffix), sibling(path, suffix));
      }
    }
    Files.delete(live);
    Files.delete(live.getParent());
    return path;
  }

  static Path sibling(Path path, String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  static Path compressed(Path database, Path target) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(target))) {
      Files.copy(database, out);
    }
    return target;
  }

  /** Overwrites a page in the middle, as a bad disk would. */
  static Path damage(Path database) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(database.toFile(), "rw")) {
      file.seek(file.length() / 2 / 4096 * 4096);
      file.write(new byte[4096]);
    }
    return database;
  }

  static Path written(Path file, Instant when) throws IOException {
    return Files.setLastModifiedTime(file, FileTime.from(when));
  }

  /**
   * The markers there are and how often, such as {@code old=400}; opened as an application would.
   */
  static String content(Path path) throws SQLException {
    try (Connection connection = open(path);
        Statement statement = connection.createStatement()) {
      StringBuilder found = new StringBuilder();
      try (ResultSet check = statement.executeQuery("PRAGMA integrity_check")) {
        if (!check.getString(1).equals("ok")) {
          return "damaged: " + check.getString(1);
        }
      }
      try (ResultSet rows =
          statement.executeQuery("SELECT marker, count(*) FROM artifacts GROUP BY 1 ORDER BY 1")) {
        while (rows.next()) {
          found.append(rows.getString(1)).append('=').append(rows.getLong(2)).append(' ');
        }
      }
      return found.toString().strip();
    }
  }
}
