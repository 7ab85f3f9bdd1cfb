package dev.backout.benchmark;

import dev.backout.action.ActionContext;
import dev.backout.action.TextOrSecret;
import dev.backout.action.WorkerContext;
import dev.backout.action.postgres.DumpDatabase;
import dev.backout.action.postgres.DumpFormat;
import dev.backout.action.postgres.RestoreDatabase;
import dev.backout.action.postgres.Verification;
import dev.backout.testing.PostgresServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * {@code postgres.dump} and {@code postgres.restore} beside {@code pg_dump} and {@code pg_restore}
 * by hand, which neither read the dump back nor count rows, hash, make durable or analyze; as the
 * table grows. And the memory of a worker that does nothing else, with 64 MiB of heap.
 */
public final class DumpBenchmark {
  private static final String TARGET = "restored";
  private static final int[] SIZES = {10_000, 100_000, 1_000_000, 10_000_000};

  /** Of more rows one round has to do. */
  private static final int MANY = 1_000_000;

  private static final int ROUNDS = 3;

  private final Scratch scratch;
  private final Items items;

  private DumpBenchmark(Scratch scratch, Items items) {
    this.scratch = scratch;
    this.items = items;
  }

  /**
   * Without arguments the benchmark; with {@code ROWS} that up to so many; with {@code URL
   * DIRECTORY} one dump and its restoration, which say how much memory they took.
   */
  public static void main(String[] args) throws Exception {
    if (args.length == 2) {
      once(args[0], new Scratch(Path.of(args[1])));
      return;
    }
    int most = args.length == 1 ? Integer.parseInt(args[0]) : Integer.MAX_VALUE;
    try (Scratch scratch = Scratch.make("dump");
        PostgresServer server = PostgresServer.start()) {
      for (int rows : SIZES) {
        if (rows <= most) {
          new DumpBenchmark(scratch, new Items(server)).measure(rows);
        }
      }
    }
  }

  private void measure(int rows) throws Exception {
    items.fill(rows);
    int rounds = rows > MANY ? 1 : ROUNDS;
    Map<String, Comparison.Contender> dumps = new LinkedHashMap<>();
    dumps.put("`pg_dump`", this::dumpByHand);
    dumps.put("`postgres.dump`, `verify: list`", () -> dumpBy(Verification.LIST));
    dumps.put("`postgres.dump`", () -> dumpBy(Verification.READ));
    new Comparison(String.format(Locale.ROOT, "Dumping %,d rows", rows), rounds, dumps)
        .run(System.out, rows);
    scratch.clear();
    Path dump = dump(items.url(), scratch, Verification.LIST).path();
    Map<String, Comparison.Contender> restorations = new LinkedHashMap<>();
    restorations.put("`createdb`, `pg_restore`", () -> restoreByHand(dump));
    restorations.put("`postgres.restore`", () -> restoreBy(dump));
    new Comparison(String.format(Locale.ROOT, "Restoring %,d rows", rows), rounds, restorations)
        .run(System.out, rows);
    memory(rows);
    scratch.clear();
  }

  private Duration dumpByHand() throws Exception {
    scratch.clear();
    return Comparison.timed(
        () ->
            program(
                "pg_dump",
                "--format=custom",
                "--file=" + scratch.home().resolve("by-hand.dump"),
                items.url()));
  }

  private Duration dumpBy(Verification verify) throws Exception {
    scratch.clear();
    return Comparison.timed(() -> dump(items.url(), scratch, verify));
  }

  private Duration restoreByHand(Path dump) throws Exception {
    drop();
    return Comparison.timed(
        () -> {
          items.sql("CREATE DATABASE " + TARGET + " TEMPLATE template0");
          program(
              "pg_restore",
              "--exit-on-error",
              "--dbname=" + items.server().url(TARGET),
              dump.toString());
        });
  }

  private Duration restoreBy(Path dump) throws Exception {
    drop();
    return Comparison.timed(() -> restore(items.url(), dump, scratch));
  }

  private void drop() {
    items.sql("DROP DATABASE IF EXISTS " + TARGET);
  }

  private static void program(String... words) throws Exception {
    OwnProcess.run(new ProcessBuilder(words).inheritIO());
  }

  private static DumpDatabase.Output dump(String url, Scratch scratch, Verification verify)
      throws Exception {
    try (WorkerContext context = scratch.context()) {
      return new DumpDatabase()
          .run(
              new DumpDatabase.Input(
                  new TextOrSecret(url),
                  scratch.home(),
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

  private static void restore(String url, Path dump, Scratch scratch) throws Exception {
    try (WorkerContext context = scratch.context()) {
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

  private void memory(int rows) throws Exception {
    drop();
    scratch.clear();
    System.out.printf(Locale.ROOT, "%nThe worker, with both for %,d rows: ", rows);
    System.out.flush();
    OwnProcess.run("64m", DumpBenchmark.class, items.url(), scratch.home().toString());
    drop();
  }

  private static void once(String url, Scratch scratch) throws Exception {
    restore(url, dump(url, scratch, Verification.READ).path(), scratch);
    System.out.println(OwnProcess.peakMemory() + " MiB at most");
  }
}
