package dev.backout.benchmark;

import dev.backout.action.ActionContext;
import dev.backout.action.SecretStore;
import dev.backout.action.StepCall;
import dev.backout.action.TextOrSecret;
import dev.backout.action.WorkerContext;
import dev.backout.action.WorkerLimits;
import dev.backout.action.sync.CopyDatabase;
import dev.backout.action.sync.Deletes;
import dev.backout.action.sync.Winner;
import dev.backout.testing.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * {@code sync.copy} of a table from PostgreSQL into a SQLite file, beside {@code psql \copy |
 * sqlite3 .import}, which makes NULL and '' one, changes times and booleans, and is not durable;
 * and the memory that it takes as the table grows, in a process of its own with 256 MiB of heap.
 */
public final class CopyBenchmark {
  private static final String DATABASE = "postgres";
  private static final int ROUNDS = 3;
  private static final int ROWS = 1_000_000;
  private static final int[] GROWTH = {10_000, 100_000, 1_000_000, 10_000_000};

  private final Path home;
  private final PostgresServer server;

  private CopyBenchmark(Path home, PostgresServer server) {
    this.home = home;
    this.server = server;
  }

  /** Without arguments the benchmark; with {@code URL FILE} one copy, which says what it took. */
  public static void main(String[] args) throws Exception {
    if (args.length == 2) {
      once(args[0], Path.of(args[1]));
      return;
    }
    Path home = Files.createTempDirectory(Path.of("").toAbsolutePath(), ".copy-benchmark-");
    try (PostgresServer server = PostgresServer.start()) {
      new CopyBenchmark(home, server).run();
    } finally {
      delete(home);
    }
  }

  private void run() throws Exception {
    fill(ROWS);
    Map<String, Comparison.Contender> contenders = new LinkedHashMap<>();
    contenders.put("`psql \\copy \\| sqlite3 .import`", this::byHand);
    contenders.put("`sync.copy`", this::copy);
    Map<String, Duration> medians =
        new Comparison("Copying " + ROWS + " rows from PostgreSQL to SQLite", ROUNDS, contenders)
            .run(System.out);
    medians.forEach(
        (name, took) ->
            System.out.printf(
                Locale.ROOT, "%n%s: %,.0f rows/s%n", name, ROWS / (took.toNanos() / 1e9)));
    System.out.printf(
        "%n| rows | time | rows/s | peak memory of the process |%n|---|---|---|---|%n");
    for (int rows : GROWTH) {
      grow(rows);
    }
  }

  private void fill(int rows) throws Exception {
    server.sql(
        DATABASE,
        """
        DROP TABLE IF EXISTS items;
        CREATE TABLE items (id bigint PRIMARY KEY, body text, at timestamptz, doc jsonb, ok boolean);
        INSERT INTO items SELECT i, md5(i::text) || md5((i + 1)::text), timestamptz '2026-01-01' + i * interval '1.000001 s',
          jsonb_build_object('number', i, 'name', 'item ' || i, 'tags', jsonb_build_array('a', 'b')), i %% 2 = 0
        FROM generate_series(1, %d) i"""
            .formatted(rows));
    server.sql(DATABASE, "VACUUM (FREEZE, ANALYZE) items");
    server.sql(DATABASE, "CHECKPOINT");
  }

  private Duration byHand() throws Exception {
    Path file = home.resolve("by-hand.db");
    Files.deleteIfExists(file);
    String command =
        "psql -qAtX -d '%s' -c '\\copy items to stdout csv' | sqlite3 '%s' 'PRAGMA journal_mode=OFF' 'PRAGMA synchronous=OFF' 'CREATE TABLE items (id INTEGER PRIMARY KEY, body TEXT, at TEXT, doc TEXT, ok INTEGER)' '.mode csv' '.import /dev/stdin items'"
            .formatted(server.url(DATABASE), file);
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder("bash", "-o", "pipefail", "-c", command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("psql | sqlite3 failed");
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private Duration copy() throws Exception {
    Path file = home.resolve("copy.db");
    Files.deleteIfExists(file);
    long start = System.nanoTime();
    copy(server.url(DATABASE), file);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static CopyDatabase.Output copy(String url, Path file) throws Exception {
    Path home = Objects.requireNonNull(file.getParent());
    try (WorkerContext context =
        new WorkerContext(
            new StepCall("benchmark", "benchmark", "benchmark", "copy", 1),
            new SecretStore(Map.of(), home, null, List.of()),
            new WorkerLimits(List.of(home), List.of(), home),
            progress -> {})) {
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
    fill(rows);
    Path file = home.resolve("growth.db");
    Files.deleteIfExists(file);
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                CopyBenchmark.class.getName(),
                server.url(DATABASE),
                file.toString())
            .inheritIO()
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the copy failed");
    }
  }

  private static void once(String url, Path file) throws Exception {
    CopyDatabase.Output output = copy(url, file);
    double seconds = output.duration().toNanos() / 1e9;
    String peak =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB")
            .findFirst()
            .orElse("unknown");
    System.out.printf(
        Locale.ROOT,
        "| %,d | %.2f s | %,.0f | %s |%n",
        output.rows(),
        seconds,
        output.rows() / seconds,
        peak);
  }

  private static void delete(Path directory) throws Exception {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
