package dev.backout.endtoend.accounting;

import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * Accounts, journals and their lines, which add up to nothing. Made and given their accounts where
 * they are opened first. One connection a question.
 */
final class Books {
  private static final String POSTGRES =
      """
      CREATE TABLE IF NOT EXISTS accounts (code text PRIMARY KEY, name text NOT NULL);
      CREATE TABLE IF NOT EXISTS journals (id uuid PRIMARY KEY, memo text NOT NULL, updated_at timestamptz NOT NULL);
      CREATE TABLE IF NOT EXISTS lines (id uuid PRIMARY KEY, journal_id uuid NOT NULL REFERENCES journals,
        account text NOT NULL REFERENCES accounts, amount numeric(14, 2) NOT NULL, updated_at timestamptz NOT NULL);
      """;
  private static final String SQLITE =
      """
      CREATE TABLE IF NOT EXISTS accounts (code TEXT PRIMARY KEY, name TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS journals (id TEXT PRIMARY KEY, memo TEXT NOT NULL, updated_at TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS lines (id TEXT PRIMARY KEY, journal_id TEXT NOT NULL REFERENCES journals,
        account TEXT NOT NULL REFERENCES accounts, amount NUMERIC NOT NULL, updated_at TEXT NOT NULL);
      """;
  private static final String SEED =
      """
      INSERT INTO accounts (code, name) VALUES ('1000', 'Cash'), ('1200', 'Receivables'), ('3000', 'Equity'), ('4000', 'Sales')
      ON CONFLICT DO NOTHING
      """;

  private final String jdbc;
  private final boolean fallback;

  private Books(String jdbc, boolean fallback) {
    this.jdbc = jdbc;
    this.fallback = fallback;
  }

  /**
   * @param url {@code postgresql://…} or {@code sqlite:///NAME}
   * @param other the SQLite file that is taken where the URL's database does not answer
   */
  static Books open(String url, Path home, String other) throws SQLException {
    try {
      return seeded(new Books(jdbc(url, home), false));
    } catch (SQLException e) {
      System.err.println("falling back to " + other + ": " + e.getMessage());
      return seeded(new Books("jdbc:sqlite:" + home.resolve(other), true));
    }
  }

  private static Books seeded(Books books) throws SQLException {
    String schema = books.isSqlite() ? SQLITE : POSTGRES;
    try (Connection connection = books.open();
        Statement statement = connection.createStatement()) {
      for (String sql : (schema + SEED).split(";")) {
        statement.execute(sql);
      }
    }
    return books;
  }

  private static String jdbc(String url, Path home) {
    if (url.startsWith("sqlite:///")) {
      return "jdbc:sqlite:" + home.resolve(url.substring("sqlite:///".length()));
    }
    URI uri = URI.create(url.replaceFirst("^postgresql\\+asyncpg:", "postgresql:"));
    String[] login = uri.getUserInfo().split(":", 2);
    return "jdbc:postgresql://%s:%d%s?user=%s&password=%s&connectTimeout=2&loginTimeout=3&socketTimeout=5"
        .formatted(uri.getHost(), uri.getPort(), uri.getPath(), login[0], login[1]);
  }

  boolean isFallback() {
    return fallback;
  }

  boolean answers() {
    try {
      return accounts() >= 0;
    } catch (SQLException e) {
      return false;
    }
  }

  long accounts() throws SQLException {
    return count("accounts");
  }

  long journals() throws SQLException {
    return count("journals");
  }

  private long count(String table) throws SQLException {
    try (Connection connection = open();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT count(*) FROM " + table)) {
      result.next();
      return result.getLong(1);
    }
  }

  /** A sale for cash: two lines of one journal. */
  UUID post(String amount) throws SQLException {
    UUID journal = UUID.randomUUID();
    String now = isSqlite() ? "strftime('%Y-%m-%d %H:%M:%f+00', 'now')" : "now()";
    try (Connection connection = open()) {
      connection.setAutoCommit(false);
      insert(connection, "INSERT INTO journals VALUES (?, 'sale', " + now + ")", journal);
      String line = isSqlite() ? "CAST(? AS NUMERIC)" : "CAST(? AS numeric)";
      String lines = "INSERT INTO lines VALUES (?, ?, ?, " + line + ", " + now + ")";
      insert(connection, lines, UUID.randomUUID(), journal, "1000", amount);
      insert(connection, lines, UUID.randomUUID(), journal, "4000", "-" + amount);
      connection.commit();
    }
    return journal;
  }

  private void insert(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, isSqlite() ? values[i].toString() : values[i]);
      }
      statement.executeUpdate();
    }
  }

  private boolean isSqlite() {
    return jdbc.startsWith("jdbc:sqlite:");
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection(jdbc);
  }
}
