package dev.backout.benchmark;

import dev.backout.action.ActionContext;
import dev.backout.action.TextOrSecret;
import dev.backout.action.WorkerContext;
import dev.backout.action.sync.compare.CompareDatabases;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code sync.compare} of a table in PostgreSQL with the same in SQLite, beside {@code diff} of
 * what {@code psql} and {@code sqlite3} print, where somebody has written down how each prints the
 * same; and from ten thousand to ten million rows, equal and with one row in ten changed, with how
 * much heap it took at most.
 */
public final class CompareBenchmark {
  private static final List<Integer> SIZES = List.of(10_000, 100_000, 1_000_000, 10_000_000);
  private static final int SIDE_BY_SIDE = 1_000_000;
  private static final int ROUNDS = 3;

  private final Scratch scratch;
  private final EmbeddedPostgres server;

  private CompareBenchmark(Scratch scratch, EmbeddedPostgres server) {
    this.scratch = scratch;
    this.server = server;
  }

  public static void main(String[] args) throws Exception {
    try (Scratch scratch = Scratch.make("compare");
        EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
      new CompareBenchmark(scratch, server).run(System.out);
    }
  }

  private void run(PrintStream out) throws Exception {
    Path whole = scratch.home().resolve("side-by-side.db");
    fill(SIDE_BY_SIDE, whole);
    Map<String, Comparison.Contender> contenders = new LinkedHashMap<>();
    contenders.put("`diff` of `psql` and `sqlite3`", () -> byHand(whole));
    contenders.put("`sync.compare`", () -> Comparison.timed(() -> compare(whole)));
    var unused =
        new Comparison("Comparing " + SIDE_BY_SIDE + " equal rows", ROUNDS, contenders).run(out);
    out.printf("%n### Comparing PostgreSQL with SQLite%n%n");
    out.printf("| rows | differing | median | rows/s | heap at most |%n|---|---|---|---|---|%n");
    for (int size : SIZES) {
      Path file = scratch.home().resolve(size + ".db");
      fill(size, file);
      measure(size, file, out);
      change(file);
      measure(size, file, out);
    }
  }

  private void measure(int size, Path file, PrintStream out) throws Exception {
    compare(file);
    reset();
    CompareDatabases.Output last = compare(file);
    long heap = peak();
    List<Duration> took = new ArrayList<>();
    for (int round = 0; round < (size > SIDE_BY_SIDE ? 1 : ROUNDS); round++) {
      took.add(Comparison.timed(() -> compare(file)));
    }
    Duration median = took.stream().sorted().toList().get(took.size() / 2);
    out.printf(
        Locale.ROOT,
        "| %,d | %,d | %.2f s | %,d | %d MiB |%n",
        size,
        last.differing(),
        median.toNanos() / 1e9,
        Math.round(Comparison.rate(size, median)),
        heap >> 20);
  }

  private Duration byHand(Path file) throws Exception {
    String command =
        "diff -q <(psql -qAtX -d '%s' -c \"SELECT id, title, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00:00', doc::text, flag::int FROM items ORDER BY id\") <(sqlite3 -separator '|' '%s' 'SELECT * FROM items ORDER BY id')"
            .formatted(url(), file);
    return Comparison.timed(
        () -> OwnProcess.run(new ProcessBuilder("bash", "-c", command).inheritIO()));
  }

  private CompareDatabases.Output compare(Path file) throws Exception {
    try (WorkerContext context = scratch.context()) {
      return new CompareDatabases()
          .run(
              new CompareDatabases.Input(
                  new TextOrSecret(url()),
                  new TextOrSecret(file.toString()),
                  "public",
                  null,
                  List.of(),
                  List.of(),
                  List.of(),
                  Map.of(),
                  List.of(),
                  100),
              (ActionContext) context);
    }
  }

  private String url() {
    return "postgresql://postgres:postgres@127.0.0.1:" + server.getPort() + "/postgres";
  }

  private static void reset() {
    System.gc();
    pools().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  private static long peak() {
    return pools().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
  }

  private static Stream<MemoryPoolMXBean> pools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP);
  }

  private void fill(int size, Path file) throws SQLException {
    try (Connection from = server.getPostgresDatabase().getConnection();
        Statement statement = from.createStatement();
        Connection to = DriverManager.getConnection("jdbc:sqlite:" + file)) {
      statement.execute("DROP TABLE IF EXISTS items");
      statement.execute(
          "CREATE TABLE items (id bigint PRIMARY KEY, title text, at timestamptz, doc jsonb, flag bool)");
      statement.execute(
          "INSERT INTO items SELECT i, 'item ' || md5(i::text), timestamptz '2026-01-01 00:00+00' + i * interval '1.000001 s',"
              + " jsonb_build_object('n', i, 'tags', jsonb_build_array('a', md5(i::text))), i % 2 = 0 FROM generate_series(1, "
              + size
              + ") i");
      copy(from, to);
    }
  }

  private static void copy(Connection from, Connection to) throws SQLException {
    try (Statement make = to.createStatement()) {
      make.execute(
          "CREATE TABLE items (id INTEGER PRIMARY KEY, title TEXT, at TEXT, doc TEXT, flag BOOLEAN)");
    }
    from.setAutoCommit(false);
    to.setAutoCommit(false);
    try (Statement read = from.createStatement();
        PreparedStatement write = to.prepareStatement("INSERT INTO items VALUES (?, ?, ?, ?, ?)")) {
      read.setFetchSize(5000);
      try (ResultSet rows =
          read.executeQuery(
              "SELECT id, title, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00:00', doc::text, flag::int FROM items")) {
        while (rows.next()) {
          for (int i = 1; i <= 5; i++) {
            write.setObject(i, rows.getObject(i));
          }
          write.executeUpdate();
        }
      }
    }
    to.commit();
    from.commit();
  }

  private static void change(Path file) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE items SET title = 'changed' WHERE id % 10 = 0");
    }
  }
}
