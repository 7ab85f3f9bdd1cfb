package dev.backout.benchmark;

import dev.backout.action.ActionContext;
import dev.backout.action.WorkerContext;
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

  private RestoreBenchmark(Path home, ActionContext context) throws Exception {
    this.home = home;
    this.context = context;
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
    try (Scratch scratch = Scratch.make("restore");
        WorkerContext context = scratch.context()) {
      new RestoreBenchmark(scratch.home(), context).run();
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
    return settled(
        Comparison.timed(
            () -> {
              OwnProcess.run(new ProcessBuilder("cp", backup.toString(), written.toString()));
              sync(written, StandardOpenOption.WRITE);
              Files.move(written, database, StandardCopyOption.ATOMIC_MOVE);
              sync(home, StandardOpenOption.READ);
            }));
  }

  private Duration restore(RestoreDatabase.Input input) throws Exception {
    return settled(Comparison.timed(() -> new RestoreDatabase().run(input, context)));
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
}
