package dev.backout.benchmark;

import dev.backout.action.ActionContext;
import dev.backout.action.SecretStore;
import dev.backout.action.StepCall;
import dev.backout.action.WorkerContext;
import dev.backout.action.WorkerLimits;
import dev.backout.action.sqlite.Check;
import dev.backout.action.sqlite.FindBackup;
import dev.backout.action.sqlite.RestoreDatabase;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code sqlite.restore} of a 500 MB database, beside {@code cp}, fsync and rename, which verify
 * nothing, keep no former database, and leave a stale log in place.
 */
public final class RestoreBenchmark {
  private static final int ROUNDS = 7;
  private static final int ROWS = 120_000;

  private final Path home;
  private final Path backup;
  private final Path database;
  private final String sha256;
  private final ActionContext context;

  private RestoreBenchmark(Path home) throws Exception {
    this.home = home;
    this.context =
        new WorkerContext(
            new StepCall("benchmark", "benchmark", "benchmark", "restore", 1),
            new SecretStore(Map.of(), home, null, List.of()),
            new WorkerLimits(List.of(home), List.of(), home),
            progress -> {});
    this.backup = create(Files.createDirectory(home.resolve("backups")).resolve("backup.db"), ROWS);
    this.database = create(home.resolve("app.db"), 1000);
    this.sha256 =
        new FindBackup()
            .run(
                new FindBackup.Input(
                    home.resolve("backups"), List.of("*.db"), null, List.of("items"), Check.QUICK),
                context)
            .sha256();
  }

  public static void main(String[] args) throws Exception {
    Path home = Files.createTempDirectory(Path.of("").toAbsolutePath(), ".restore-benchmark-");
    try {
      new RestoreBenchmark(home).run();
    } finally {
      delete(home);
    }
  }

  private void run() throws Exception {
    long megabytes = Files.size(backup) / 1_000_000;
    Map<String, Comparison.Contender> contenders = new LinkedHashMap<>();
    contenders.put("`cp`, fsync, rename", this::copy);
    contenders.put("`sqlite.restore`, verified by hash", () -> restore(input(sha256, null, false)));
    contenders.put("… and rows counted before and after", () -> restore(input(sha256, null, true)));
    contenders.put(
        "`sqlite.restore`, verified by quick_check",
        () -> restore(input(null, RestoreDatabase.Verify.QUICK, false)));
    new Comparison("Restoring a SQLite database of " + megabytes + " MB", ROUNDS, contenders)
        .run(System.out);
  }

  private Duration copy() throws Exception {
    Path written = home.resolve("app.db.new");
    long start = System.nanoTime();
    Process cp = new ProcessBuilder("cp", backup.toString(), written.toString()).start();
    if (cp.waitFor() != 0) {
      throw new IllegalStateException("cp failed");
    }
    sync(written, StandardOpenOption.WRITE);
    Files.move(written, database, StandardCopyOption.ATOMIC_MOVE);
    sync(home, StandardOpenOption.READ);
    return settled(Duration.ofNanos(System.nanoTime() - start));
  }

  private Duration restore(RestoreDatabase.Input input) throws Exception {
    long start = System.nanoTime();
    new RestoreDatabase().run(input, context);
    return settled(Duration.ofNanos(System.nanoTime() - start));
  }

  private RestoreDatabase.Input input(
      @Nullable String sha256, RestoreDatabase.@Nullable Verify verify, boolean countLoss) {
    return new RestoreDatabase.Input(backup, database, sha256, verify, null, true, countLoss);
  }

  /** What one contender leaves must not slow the next one. */
  private Duration settled(Duration took) throws Exception {
    try (Stream<Path> files = Files.list(home)) {
      for (Path file : files.filter(each -> each.toString().contains(".before-")).toList()) {
        Files.delete(file);
      }
    }
    new ProcessBuilder("sync").start().waitFor();
    return took;
  }

  private static void sync(Path path, StandardOpenOption how) throws Exception {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  private static Path create(Path path, int rows) throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + path);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE items(id INTEGER PRIMARY KEY, body BLOB)");
      statement.execute(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
              + rows
              + ") INSERT INTO items(body) SELECT randomblob(4000) FROM n");
    }
    return path;
  }

  private static void delete(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
