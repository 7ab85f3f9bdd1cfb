package dev.backout.benchmark;

import dev.backout.action.ActionContext;
import dev.backout.action.SecretStore;
import dev.backout.action.StepCall;
import dev.backout.action.TextOrSecret;
import dev.backout.action.WorkerContext;
import dev.backout.action.WorkerLimits;
import dev.backout.action.postgres.DumpDatabase;
import dev.backout.action.postgres.DumpFormat;
import dev.backout.action.postgres.RestoreDatabase;
import dev.backout.action.postgres.Verification;
import dev.backout.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * {@code postgres.dump} and {@code postgres.restore} beside {@code pg_dump} and {@code pg_restore}
 * by hand, which neither read the dump back nor count rows, hash, make durable or analyze; as the
 * table grows. And the memory of a worker that does nothing else, with 64 MiB of heap.
 */
public final class DumpBenchmark {
  private static final String SOURCE = "postgres";
  private static final String TARGET = "restored";
  private static final int[] SIZES = {10_000, 100_000, 1_000_000, 10_000_000};

  /** Of more rows one round has to do. */
  private static final int MANY = 1_000_000;

  private static final int ROUNDS = 3;

  /** Each has evidence of its own. */
  private static final AtomicInteger ATTEMPTS = new AtomicInteger();

  private final Path home;
  private final PostgresServer server;

  private DumpBenchmark(Path home, PostgresServer server) {
    this.home = home;
    this.server = server;
  }

  /**
   * Without arguments the benchmark; with {@code ROWS} that up to so many; with {@code URL
   * DIRECTORY} one dump and its restoration, which say how much memory they took.
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 2) {
      once(args[0], Path.of(args[1]));
      return;
    }
    int most = args.length == 1 ? Integer.parseInt(args[0]) : Integer.MAX_VALUE;
    Path home = Files.createTempDirectory(Path.of("").toAbsolutePath(), ".dump-benchmark-");
    try (PostgresServer server = PostgresServer.start()) {
      for (int rows : SIZES) {
        if (rows <= most) {
          new DumpBenchmark(home, server).measure(rows);
        }
      }
    } finally {
      clear(home);
      Files.delete(home);
    }
  }

  private void measure(int rows) throws Exception {
    fill(rows);
    int rounds = rows > MANY ? 1 : ROUNDS;
    Map<String, Comparison.Contender> dumps = new LinkedHashMap<>();
    dumps.put("`pg_dump`", this::dumpByHand);
    dumps.put("`postgres.dump`, `verify: list`", () -> dumpBy(Verification.LIST));
    dumps.put("`postgres.dump`", () -> dumpBy(Verification.READ));
    rates(
        rows,
        new Comparison(String.format(Locale.ROOT, "Dumping %,d rows", rows), rounds, dumps)
            .run(System.out));
    clear(home);
    Path dump = dump(server.url(SOURCE), home, Verification.LIST).path();
    Map<String, Comparison.Contender> restorations = new LinkedHashMap<>();
    restorations.put("`createdb`, `pg_restore`", () -> restoreByHand(dump));
    restorations.put("`postgres.restore`", () -> restoreBy(dump));
    rates(
        rows,
        new Comparison(String.format(Locale.ROOT, "Restoring %,d rows", rows), rounds, restorations)
            .run(System.out));
    memory(rows);
    clear(home);
  }

  private static void rates(int rows, Map<String, Duration> medians) {
    System.out.println();
    medians.forEach(
        (name, took) ->
            System.out.printf(
                Locale.ROOT, "%s: %,.0f rows/s%n", name, rows / (took.toNanos() / 1e9)));
  }

  private void fill(int rows) {
    server.sql(
        SOURCE,
        """
        DROP TABLE IF EXISTS items;
        CREATE TABLE items (id bigint PRIMARY KEY, body text, at timestamptz, doc jsonb, ok boolean);
        INSERT INTO items SELECT i, md5(i::text) || md5((i + 1)::text), timestamptz '2026-01-01' + i * interval '1.000001 s',
          jsonb_build_object('number', i, 'name', 'item ' || i, 'tags', jsonb_build_array('a', 'b')), i %% 2 = 0
        FROM generate_series(1, %d) i"""
            .formatted(rows));
    server.sql(SOURCE, "VACUUM (FREEZE, ANALYZE) items");
    server.sql(SOURCE, "CHECKPOINT");
  }

  private Duration dumpByHand() throws Exception {
    clear(home);
    return timed(
        () ->
            program(
                "pg_dump",
                "--format=custom",
                "--file=" + home.resolve("by-hand.dump"),
                server.url(SOURCE)));
  }

  private Duration dumpBy(Verification verify) throws Exception {
    clear(home);
    return timed(() -> dump(server.url(SOURCE), home, verify));
  }

  private Duration restoreByHand(Path dump) throws Exception {
    drop();
    return timed(
        () -> {
          server.sql(SOURCE, "CREATE DATABASE " + TARGET + " TEMPLATE template0");
          program(
              "pg_restore", "--exit-on-error", "--dbname=" + server.url(TARGET), dump.toString());
        });
  }

  private Duration restoreBy(Path dump) throws Exception {
    drop();
    return timed(() -> restore(server.url(SOURCE), dump));
  }

  private void drop() {
    server.sql(SOURCE, "DROP DATABASE IF EXISTS " + TARGET);
  }

  private interface Work {
    void run() throws Exception;
  }

  private static Duration timed(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static void program(String... words) throws Exception {
    Process process = new ProcessBuilder(words).inheritIO().start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException(words[0] + " failed");
    }
  }

  private static DumpDatabase.Output dump(String url, Path directory, Verification verify)
      throws Exception {
    try (WorkerContext context = context(directory)) {
      return new DumpDatabase()
          .run(
              new DumpDatabase.Input(
                  new TextOrSecret(url),
                  directory,
                  null,
                  DumpFormat.CUSTOM,
                  1,
                  verify,
                  true,
                  Duration.ofSeconds(30),
                  Duration.ofHours(1)),
              (ActionContext) context);
    }
  }

  private static void restore(String url, Path dump) throws Exception {
    try (WorkerContext context = context(Objects.requireNonNull(dump.getParent()))) {
      var unused =
          new RestoreDatabase()
              .run(
                  new RestoreDatabase.Input(
                      new TextOrSecret(url),
                      dump,
                      TARGET,
                      null,
                      1,
                      true,
                      null,
                      Duration.ofHours(1),
                      true),
                  (ActionContext) context);
    }
  }

  private static WorkerContext context(Path home) {
    return new WorkerContext(
        new StepCall("benchmark", "benchmark", "benchmark", "dump", ATTEMPTS.incrementAndGet()),
        new SecretStore(Map.of(), home, null, List.of()),
        new WorkerLimits(List.of(home), List.of(), home),
        progress -> {});
  }

  private void memory(int rows) throws Exception {
    drop();
    clear(home);
    System.out.printf(Locale.ROOT, "%nThe worker, with both for %,d rows: ", rows);
    System.out.flush();
    program(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx64m",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
        "-cp",
        System.getProperty("java.class.path"),
        DumpBenchmark.class.getName(),
        server.url(SOURCE),
        home.toString());
    drop();
  }

  private static void once(String url, Path directory) throws Exception {
    restore(url, dump(url, directory, Verification.READ).path());
    String peak =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmHWM:"))
            .map(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB at most")
            .findFirst()
            .orElse("unknown");
    System.out.println(peak);
  }

  private static void clear(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(directory)) {
          Files.delete(file);
        }
      }
    }
  }
}
