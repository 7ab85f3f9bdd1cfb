package dev.backout.demo;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The backups of a site: an older good one, a recent good one, and the newest, which is broken. */
final class SiteBackups {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);
  private static final Duration BROKEN = Duration.ofMinutes(5);

  private final Path directory;
  private final SiteSpec spec;
  private final Instant now;

  /**
   * @param now when the site is laid out
   */
  SiteBackups(Path directory, SiteSpec spec, Instant now) {
    this.directory = directory;
    this.spec = spec;
    this.now = now;
  }

  record Taken(Path older, Path good, Path broken) {}

  Taken write() throws IOException, SQLException {
    Path older = take(spec.inOlderBackup(), now.minus(SiteSpec.OLDER));
    Path good = take(spec.rows(), now.minus(spec.goodBackupAge()));
    Path broken = take(spec.rows(), now.minus(BROKEN));
    spoil(broken, now.minus(BROKEN));
    return new Taken(older, good, broken);
  }

  /**
   * The database that the service had before it was moved to PostgreSQL, and never looked at since.
   */
  void writeFormer(Path file) throws IOException, SQLException {
    write(file, spec.beforeMigration(), now.minus(SiteSpec.MIGRATION));
  }

  private Path take(SiteSpec.Rows rows, Instant at) throws IOException, SQLException {
    Path file = directory.resolve("harvest-" + STAMP.format(at) + ".db");
    write(file, rows, at);
    return file;
  }

  private void write(Path file, SiteSpec.Rows rows, Instant at) throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      new Seed(spec, rows, now).into(connection);
    }
    Files.setLastModifiedTime(file, FileTime.from(at));
  }

  /** Its header still says SQLite, but pages in its middle are not what was written. */
  private static void spoil(Path file, Instant at) throws IOException {
    try (RandomAccessFile pages = new RandomAccessFile(file.toFile(), "rw")) {
      long middle = pages.length() / 2;
      pages.seek(middle - middle % 4096);
      pages.write(new byte[3 * 4096]);
    }
    Files.setLastModifiedTime(file, FileTime.from(at));
  }
}
