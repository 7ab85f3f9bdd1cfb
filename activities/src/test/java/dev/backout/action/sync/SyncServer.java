package dev.backout.action.sync;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;

/** A database of its own for each test, on one real server for all tests of this JVM. */
public final class SyncServer {
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static EmbeddedPostgres server;

  private SyncServer() {}

  private static synchronized EmbeddedPostgres server() {
    if (server == null) {
      try {
        server = EmbeddedPostgres.builder().start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      Runtime.getRuntime().addShutdownHook(new Thread(SyncServer::stop));
    }
    return server;
  }

  private static void stop() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The URL of a new, empty database. */
  public static String database() throws SQLException {
    String name = "sync_" + NUMBER.incrementAndGet();
    sql(url("postgres"), "CREATE DATABASE " + name);
    return url(name);
  }

  /**
   * The same database by a login that the server asks for its password.
   *
   * @param password that is sent
   */
  public static synchronized String guarded(String url, String password)
      throws SQLException, IOException {
    if (ask(url, "SELECT count(*) FROM pg_roles WHERE rolname = 'guarded'").equals("0")) {
      sql(url, "CREATE ROLE guarded LOGIN PASSWORD 'of-the-guarded'");
      Path rules = Path.of(ask(url, "SHOW hba_file"));
      Files.writeString(
          rules, "host all guarded 127.0.0.1/32 scram-sha-256\n" + Files.readString(rules));
      sql(url, "SELECT pg_reload_conf()");
    }
    return url.replace("postgres@", "guarded:" + password + "@");
  }

  private static String url(String database) {
    return "postgresql://postgres@127.0.0.1:" + server().getPort() + "/" + database;
  }

  public static Connection connect(String url) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:" + url.replace("postgres@", "") + "?user=postgres&options=-c%20TimeZone=UTC");
  }

  public static void sql(String url, String... statements) throws SQLException {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        statement.execute(each);
      }
    }
  }

  /** The first column of the first row, as text. */
  public static String ask(String url, String query) throws SQLException {
    try (Connection connection = connect(url);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      return row.next() ? row.getString(1) : "no row";
    }
  }
}
