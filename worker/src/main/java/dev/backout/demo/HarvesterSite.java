package dev.backout.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Signal Harvester of one's own in one directory: configuration, logs, backups, the service's
 * processes, and the PostgreSQL that it runs on. Every site has its own ports.
 */
public final class HarvesterSite implements AutoCloseable {
  private final Path home;
  private final SiteSpec spec;
  private final int port;
  private final String databaseUrl;
  private final SiteBackups.Taken backups;
  private final @Nullable SitePostgres postgres;
  private final SiteService service;

  private HarvesterSite(
      Path home,
      SiteSpec spec,
      int port,
      String databaseUrl,
      SiteBackups.Taken backups,
      @Nullable SitePostgres postgres) {
    this.home = home;
    this.spec = spec;
    this.port = port;
    this.databaseUrl = databaseUrl;
    this.backups = backups;
    this.postgres = postgres;
    this.service = new SiteService(home, baseUrl());
  }

  /**
   * Writes the files and starts PostgreSQL where the spec wants one; the service is not started
   * yet.
   *
   * @param home an empty directory, or one that can be made
   */
  public static HarvesterSite layOut(Path home, SiteSpec spec) throws IOException, SQLException {
    Path real = Files.createDirectories(home).toRealPath();
    int port = freePort();
    int postgresPort = freePort();
    String password = password();
    String url = "postgresql://harvester:" + password + "@127.0.0.1:" + postgresPort + "/harvester";
    Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);
    new SiteFiles(real, port, url).write();
    SiteBackups writer = new SiteBackups(real.resolve("backups"), spec, now);
    SiteBackups.Taken backups = writer.write();
    writer.writeFormer(real.resolve("var/app.db"));
    Files.writeString(real.resolve("expected-artifacts"), spec.rows().artifacts() + "\n");
    SitePostgres postgres =
        spec.postgres()
            ? SitePostgres.start(
                real.resolve("postgres"),
                postgresPort,
                password,
                new Seed(spec, spec.inPostgres(), now))
            : null;
    return new HarvesterSite(real, spec, port, url, backups, postgres);
  }

  public Path home() {
    return home;
  }

  public int port() {
    return port;
  }

  public String baseUrl() {
    return "http://127.0.0.1:" + port;
  }

  /** With the password in it. */
  public String databaseUrl() {
    return databaseUrl;
  }

  /** The program that starts the API ({@code api}) and the scheduler ({@code daemon}). */
  public Path program() {
    return home.resolve("bin/harvest");
  }

  public SiteSpec.Rows rowsInPostgres() {
    return spec.inPostgres();
  }

  public SiteSpec.Rows rowsInBackup() {
    return spec.rows();
  }

  public SiteSpec.Rows rowsInOlderBackup() {
    return spec.inOlderBackup();
  }

  public SiteSpec.Rows rowsLost() {
    return SiteSpec.WRITTEN_SINCE;
  }

  /** The SQLite database: before the rollback, the one from before the migration. */
  public Path database() {
    return home.resolve("var/app.db");
  }

  public Path goodBackup() {
    return backups.good();
  }

  public Path olderBackup() {
    return backups.older();
  }

  public Path brokenBackup() {
    return backups.broken();
  }

  /**
   * Starts the API and the scheduler and waits until the API answers.
   *
   * @param apiOptions for the API, such as {@code --ignore-term}
   */
  public void startService(String... apiOptions) throws IOException, InterruptedException {
    service.start(apiOptions);
  }

  /** What the service answers; empty when nothing does. */
  public Optional<String> get(String path) throws InterruptedException {
    return service.get(path).map(SiteService.Answer::body);
  }

  /** The status of the service's answer; 0 when nothing answers. */
  public int status(String path) throws InterruptedException {
    return service.get(path).map(SiteService.Answer::status).orElse(0);
  }

  /** The process id of {@code api} or {@code daemon}, as its pid file says. */
  public Optional<Long> pid(String role) {
    return service.pid(role);
  }

  /** PostgreSQL is gone from here on, as by a crash. */
  public void killPostgres() {
    if (postgres != null) {
      postgres.kill();
    }
  }

  /** Ends every process of the site; the files stay. */
  @Override
  public void close() {
    service.stop();
    if (postgres != null) {
      postgres.close();
    }
  }

  /** Ends every process and removes the directory. */
  public void delete() throws IOException {
    close();
    deleteTree(home);
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.deleteIfExists(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
              throws IOException {
            Files.deleteIfExists(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static String password() {
    byte[] bytes = new byte[12];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
