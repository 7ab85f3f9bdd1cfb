package dev.backout.benchmark;

import dev.backout.action.ActionContext;
import dev.backout.action.TextOrSecret;
import dev.backout.action.WorkerContext;
import dev.backout.action.sync.CopyDatabase;
import dev.backout.action.sync.Deletes;
import dev.backout.action.sync.Winner;
import dev.backout.testing.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code sync.copy} of a table from PostgreSQL into a SQLite file, beside {@code psql \copy |
 * sqlite3 .import}, which makes NULL and '' one, changes times and booleans, and is not durable;
 * and the memory that it takes as the table grows, in a process of its own with 256 MiB of heap.
 */
public final class CopyBenchmark {
  private static final int ROUNDS = 3;
  private static final int ROWS = 1_000_000;
  private static final int[] GROWTH = {10_000, 100_000, 1_000_000, 10_000_000};

  private final Scratch scratch;
  private final Items items;

  private CopyBenchmark(Scratch scratch, Items items) {
    this.scratch = scratch;
    this.items = items;
  }

  /**
   * Without arguments the benchmark; with {@code URL DIRECTORY} one copy, which says what it took.
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 2) {
      once(args[0], new Scratch(Path.of(args[1])));
      return;
    }
    try (Scratch scratch = Scratch.make("copy");
        PostgresServer server = PostgresServer.start()) {
      new CopyBenchmark(scratch, new Items(server)).run();
    }
  }

  private void run() throws Exception {
    items.fill(ROWS);
    Map<String, Comparison.Contender> contenders = new LinkedHashMap<>();
    contenders.put("`psql \\copy \\| sqlite3 .import`", this::byHand);
    contenders.put("`sync.copy`", this::copy);
    new Comparison("Copying " + ROWS + " rows from PostgreSQL to SQLite", ROUNDS, contenders)
        .run(System.out, ROWS);
    System.out.printf(
        "%n| rows | time | rows/s | peak memory of the process |%n|---|---|---|---|%n");
    for (int rows : GROWTH) {
      grow(rows);
    }
  }

  private Duration byHand() throws Exception {
    Path file = scratch.without("by-hand.db");
    String command =
        "psql -qAtX -d '%s' -c '\\copy items to stdout csv' | sqlite3 '%s' 'PRAGMA journal_mode=OFF' 'PRAGMA synchronous=OFF' 'CREATE TABLE items (id INTEGER PRIMARY KEY, body TEXT, at TEXT, doc TEXT, ok INTEGER)' '.mode csv' '.import /dev/stdin items'"
            .formatted(items.url(), file);
    return Comparison.timed(
        () ->
            OwnProcess.run(
                new ProcessBuilder("bash", "-o", "pipefail", "-c", command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)));
  }

  private Duration copy() throws Exception {
    Path file = scratch.without("copy.db");
    return Comparison.timed(() -> copy(items.url(), file, scratch));
  }

  private static CopyDatabase.Output copy(String url, Path file, Scratch scratch) throws Exception {
    try (WorkerContext context = scratch.context()) {
      return new CopyDatabase().run(input(url, file), (ActionContext) context);
    }
  }

  private static CopyDatabase.Input input(String url, Path file) {
    return new CopyDatabase.Input(
        new TextOrSecret(url),
        new TextOrSecret(file.toString()),
        CopyDatabase.Mode.FULL,
        "public",
        List.of(),
        List.of(),
        Map.of(),
        false,
        null,
        Duration.ZERO,
        Map.of(),
        Deletes.REPORT,
        Winner.ASK,
        List.of(),
        Duration.ZERO,
        false);
  }

  private void grow(int rows) throws Exception {
    items.fill(rows);
    OwnProcess.run("256m", CopyBenchmark.class, items.url(), scratch.home().toString());
  }

  private static void once(String url, Scratch scratch) throws Exception {
    CopyDatabase.Output output = copy(url, scratch.without("growth.db"), scratch);
    System.out.printf(
        Locale.ROOT,
        "| %,d | %.2f s | %,.0f | %d MiB |%n",
        output.rows(),
        output.duration().toNanos() / 1e9,
        Comparison.rate(output.rows(), output.duration()),
        OwnProcess.peakMemory());
  }
}
