package dev.backout.action.postgres;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ByteSize;
import dev.backout.action.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One dump on its way: written under a name that nobody takes for a dump, proven, and named. */
final class Dumping {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmssSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final DumpDatabase.Input input;
  private final PostgresUrl url;
  private final Snapshot snapshot;
  private final Version client;
  private final ActionContext context;
  private final Path directory;
  private final Path target;
  private final Path draft;
  private final long began = System.nanoTime();

  Dumping(
      DumpDatabase.Input input,
      PostgresUrl url,
      Path directory,
      Snapshot snapshot,
      Version client,
      ActionContext context) {
    this.input = input;
    this.url = url;
    this.directory = directory;
    this.snapshot = snapshot;
    this.client = client;
    this.context = context;
    String begin = input.name() == null ? fileName(url.database()) : input.name();
    this.target = directory.resolve(begin + "-" + STAMP.format(snapshot.at()) + ".dump");
    // The same for each attempt of a step, so that one removes what a killed one has left.
    this.draft = directory.resolve("." + begin + "-" + context.call().label() + ".part");
  }

  private static String fileName(String database) {
    return database.replaceAll("[^A-Za-z0-9_.-]", "_").replaceFirst("^[.-]", "_");
  }

  DumpDatabase.Output carryOut()
      throws ActionException, IOException, SQLException, InterruptedException {
    Durable.delete(draft);
    if (Files.exists(target)) {
      throw new ActionException(
          Kind.PERMANENT, "There is a " + target + " already. Nothing was dumped; try again.");
    }
    try {
      Map<String, Long> rows = input.count() ? snapshot.rows(context) : Map.of();
      dump();
      prove(rows);
      return named(rows);
    } finally {
      Durable.delete(draft);
    }
  }

  private void dump() throws ActionException, IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(
            List.of(
                ClientPrograms.DUMP,
                "--format=" + input.format().name().toLowerCase(Locale.ROOT),
                "--file=" + draft,
                "--snapshot=" + snapshot.id(),
                "--lock-wait-timeout=" + input.lockTimeout().toMillis()));
    if (input.jobs() > 1) {
      words.add("--jobs=" + input.jobs());
    }
    try {
      new ClientPrograms(context).act(words, url, input.within(), "pg_dump.log");
    } catch (ActionException e) {
      throw e.getMessage().contains("No space left on device")
          ? new ActionException(
              Kind.PERMANENT,
              "The disk became full while the dump was written, and what there was of it was removed."
                  + " Free some space in "
                  + input.directory()
                  + ", or name another directory. "
                  + e.getMessage(),
              e)
          : e;
    }
  }

  private void prove(Map<String, Long> rows)
      throws ActionException, IOException, InterruptedException {
    Archive archive = Archive.of(draft, context);
    for (String table : rows.keySet()) {
      if (!archive.hasTable(table)) {
        throw new ActionException(
            Kind.PERMANENT,
            "The dump lacks the table "
                + table
                + ", which the login can see and pg_dump left out. It was removed.");
      }
    }
    if (input.verify().compareTo(Verification.READ) >= 0) {
      archive.readAll(input.within(), context);
    }
    if (input.verify() == Verification.RESTORE) {
      restore(archive, rows);
    }
  }

  private void restore(Archive archive, Map<String, Long> rows)
      throws ActionException, IOException, InterruptedException {
    DumpManifest manifest = manifest("", 0, rows);
    Restoration scratch =
        new Restoration(url, archive, manifest, input.jobs(), true, null, input.within(), context);
    try (Connection connection = Login.connect(url, input.within())) {
      try {
        var unused = scratch.fill(connection);
      } finally {
        Database.drop(scratch.draft(), connection);
      }
    } catch (SQLException e) {
      throw Login.failure(
          "The dump could not be restored into a scratch database, and was removed",
          e,
          url,
          context);
    }
  }

  private DumpManifest manifest(String sha256, long size, Map<String, Long> rows) {
    return new DumpManifest(
        url.database(),
        snapshot.at().toString(),
        snapshot.server().text(),
        client.text(),
        input.format().name().toLowerCase(Locale.ROOT),
        size,
        sha256,
        snapshot.locale(),
        input.count() ? rows : null);
  }

  private DumpDatabase.Output named(Map<String, Long> rows) throws IOException {
    String sha256 = Durable.sha256(draft, context);
    long size = Durable.size(draft);
    Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    manifest(sha256, size, rows).write(target);
    Disk.syncDirectory(directory);
    return new DumpDatabase.Output(
        target,
        DumpManifest.of(target),
        snapshot.at(),
        new ByteSize(size),
        sha256,
        url.database(),
        snapshot.server().text(),
        client.text(),
        rows,
        RowCounts.sum(rows),
        input.verify(),
        Duration.ofNanos(System.nanoTime() - began));
  }
}
