package dev.backout.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A PostgreSQL server of the tests' own, on loopback, of the version of the client programs beside
 * it. Each login needs its password.
 */
public final class PostgresServer implements AutoCloseable {
  public static final String PASSWORD = "p4ssword-of-postgres";

  private final Path root;
  private final int port = Daemon.freePort();
  private final AtomicInteger databases = new AtomicInteger();
  private Daemon daemon;

  private PostgresServer(Path root) {
    this.root = root;
  }

  /** One more, which its caller ends. */
  public static PostgresServer start() {
    try {
      PostgresServer server = new PostgresServer(Files.createTempDirectory("backout-postgres-"));
      server.layOut();
      server.daemon = server.run();
      return server;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void layOut() throws IOException, InterruptedException {
    Path password = Files.writeString(root.resolve("password"), PASSWORD + "\n");
    if (isRoot()) {
      var owner =
          FileSystems.getDefault()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName("postgres");
      Files.setOwner(root, owner);
      Files.setOwner(password, owner);
    }
    List<String> words =
        ordinary(
            "initdb",
            "--pgdata=" + data(),
            "--no-sync",
            "--username=postgres",
            "--auth=scram-sha-256",
            "--pwfile=" + password,
            "--encoding=UTF8",
            "--locale=C.UTF-8");
    Process process =
        new ProcessBuilder(words)
            .directory(root.toFile())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("initdb.log").toFile())
            .start();
    if (process.waitFor() != 0) {
      throw new AssertionError(Files.readString(root.resolve("initdb.log")));
    }
  }

  private Daemon run() {
    return Daemon.start(
        root.resolve("server.log"),
        this::answers,
        ordinary(
            "postgres",
            "-D",
            data().toString(),
            "-p",
            Integer.toString(port),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            "-c",
            "fsync=off",
            "-c",
            "shared_preload_libraries=pg_stat_statements",
            "-c",
            "max_connections=60"));
  }

  /** PostgreSQL refuses to be run by the superuser. */
  private static List<String> ordinary(String... words) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(
          List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"));
    }
    all.addAll(List.of(words));
    return all;
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private Path data() {
    return root.resolve("data");
  }

  private boolean answers() {
    try (Connection unused = connect("postgres")) {
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  public int port() {
    return port;
  }

  /** As an application writes it, with the superuser's login. */
  public String url(String database) {
    return "postgresql://postgres:" + PASSWORD + "@127.0.0.1:" + port + "/" + database;
  }

  /** A new, empty database. */
  public String create(String prefix) {
    String name = prefix + databases.incrementAndGet();
    sql("postgres", "CREATE DATABASE " + name);
    return name;
  }

  public Connection connect(String database) throws SQLException {
    return connectAs("postgres", database);
  }

  /** Of a login that has the same password. */
  public Connection connectAs(String user, String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?ApplicationName=the-tests",
        user,
        PASSWORD);
  }

  public void sql(String database, String statements) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(statements);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The first value of the first row; empty if there is none or it is null. */
  public Optional<String> value(String database, String query) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  public boolean exists(String database) {
    return value("postgres", "SELECT datname FROM pg_database WHERE datname = '" + database + "'")
        .isPresent();
  }

  /** All databases but PostgreSQL's own. */
  public List<String> databases() {
    String names =
        value(
                "postgres",
                "SELECT coalesce(string_agg(datname, ' ' ORDER BY datname), '') FROM pg_database WHERE datname !~ '^(template.|postgres)$'")
            .orElse("");
    return names.isEmpty() ? List.of() : List.of(names.split(" "));
  }

  /** As by a crash. */
  public void kill() {
    daemon.kill();
  }

  @Override
  public void close() {
    daemon.kill();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      // A process of the server that is just ending may still write; what is left is in a
      // temporary directory.
    }
  }
}
