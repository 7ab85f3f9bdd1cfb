package dev.backout.demo;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A PostgreSQL server of the site's own, in processes of its own, on loopback. */
final class SitePostgres implements AutoCloseable {
  private final EmbeddedPostgres server;
  private final Path data;

  private SitePostgres(EmbeddedPostgres server, Path data) {
    this.server = server;
    this.data = data.toAbsolutePath();
  }

  static SitePostgres start(Path directory, int port, String password, Seed seed)
      throws IOException, SQLException {
    Path data = directory.resolve("data");
    Path log = Files.createDirectories(directory).resolve("postgres.log");
    EmbeddedPostgres server =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(data)
            .setOverrideWorkingDirectory(binaries().toFile())
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(Duration.ofSeconds(60))
            .setServerConfig("listen_addresses", "127.0.0.1")
            .setServerConfig("unix_socket_directories", "")
            .setServerConfig("fsync", "off")
            .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    SitePostgres postgres = new SitePostgres(server, data);
    postgres.createDatabase(password, seed);
    return postgres;
  }

  private void createDatabase(String password, Seed seed) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE ROLE harvester LOGIN PASSWORD '" + password + "'");
      statement.execute("CREATE DATABASE harvester OWNER harvester");
    }
    try (Connection connection =
        server
            .getDatabase("harvester", "harvester", Map.of("password", password))
            .getConnection()) {
      seed.into(connection);
    }
  }

  /** Takes it away as a crash would: at once, without a goodbye. */
  void kill() {
    postmaster(data).ifPresent(SitePostgres::killTree);
  }

  /** Also for a server that another process started in that directory. */
  static void killWhatRuns(Path directory) {
    postmaster(directory.resolve("data")).ifPresent(SitePostgres::killTree);
  }

  /** A pid that has been given to something else since is left alone. */
  private static Optional<ProcessHandle> postmaster(Path data) {
    try {
      String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip();
      return ProcessHandle.of(Long.parseLong(pid))
          .filter(process -> process.info().command().orElse("").contains("postgres"));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static void killTree(ProcessHandle postmaster) {
    var children = postmaster.children().toList();
    postmaster.destroyForcibly();
    children.forEach(ProcessHandle::destroyForcibly);
    postmaster.onExit().join();
  }

  /** Where the programs are unpacked, once for a user. */
  private static Path binaries() throws IOException {
    String cache = System.getenv("XDG_CACHE_HOME");
    Path root =
        cache == null || cache.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(cache);
    return Files.createDirectories(root.resolve("backout/postgres"));
  }

  /** Not by the library's own way, which waits long for a server that has been killed. */
  @Override
  public void close() {
    kill();
  }
}
