package dev.backout.action.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A copy in a process of its own that is killed with SIGKILL at a random instant, a few times here
 * and a hundred times each way with {@code -Dbackout.faults=all}.
 */
final class CopySurvivesDeathTest {
  private static final boolean ALL = System.getProperty("backout.faults", "").equals("all");
  private static final int KILLS = ALL ? 100 : 6;
  private static final int ROWS = 60_000;
  private static final String NEW = ROWS + "|" + (long) ROWS * (ROWS + 1) / 2;
  private static final String OLD = "1|-1";
  private static final String CONTENT = "SELECT count(*), sum(id) FROM t";

  @TempDir private Path directory;
  private final Random random = new Random(42);

  @Test
  void killedAtAnyInstantAFileIsWhollyOldOrWhollyNew() throws Exception {
    String source = filledServer();
    long whole = timeOf(source, oldFile(directory.resolve("whole.db")));
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < KILLS; i++) {
      Path target =
          oldFile(Files.createDirectory(directory.resolve("kill-" + i)).resolve("app.db"));

      kill(start(source, target), whole);

      String content = Copying.rows(target, CONTENT).get(0);
      assertTrue(Set.of(OLD, NEW).contains(content), content);
      seen.add(content);
      Copying.copy(source, target, "");
      assertEquals(List.of(NEW), Copying.rows(target, CONTENT));
      assertNothingUnfinished(target);
    }
    assertTrue(seen.contains(OLD), "some were killed before the end");
  }

  @Test
  void killedAtAnyInstantADatabaseIsWhollyOldOrWhollyNew() throws Exception {
    Path source = directory.resolve("app.db");
    Copying.copy(filledServer(), source, "");
    String target = SyncServer.database();
    SyncServer.sql(
        target, "CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (-1)");
    long whole = timeOf(source, target);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < KILLS; i++) {
      SyncServer.sql(target, "TRUNCATE t", "INSERT INTO t VALUES (-1)");

      kill(start(source, target), whole);

      awaitItsConnectionsEnd(target);
      String content = Copying.rows(target, CONTENT).get(0);
      assertTrue(Set.of(OLD, NEW).contains(content), content);
      seen.add(content);
      Copying.copy(source, target, "");
      assertEquals(List.of(NEW), Copying.rows(target, CONTENT));
    }
    assertTrue(seen.contains(OLD), "some were killed before the end");
  }

  private static String filledServer() throws Exception {
    String url = SyncServer.database();
    SyncServer.sql(
        url,
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, " + ROWS + ") i");
    return url;
  }

  private static Path oldFile(Path file) throws Exception {
    Copying.sqlite(
        file,
        "CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT)",
        "INSERT INTO t VALUES (-1, 'old')");
    return file;
  }

  private void kill(Process copy, long whole) throws Exception {
    TimeUnit.NANOSECONDS.sleep((long) (random.nextDouble() * 1.1 * whole));
    copy.destroyForcibly().waitFor();
  }

  private static long timeOf(Object source, Object target) throws Exception {
    Process copy = start(source, target);
    long start = System.nanoTime();
    assertEquals(0, copy.waitFor());
    return System.nanoTime() - start;
  }

  /** The server notices by itself that its client has died. */
  private static void awaitItsConnectionsEnd(String target) throws Exception {
    String others =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    while (!SyncServer.ask(target, others).equals("0")) {
      Thread.onSpinWait();
    }
  }

  private static void assertNothingUnfinished(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target.getParent())) {
      assertEquals(
          List.of(),
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.startsWith("."))
              .toList());
    }
  }

  private static Process start(Object source, Object target) throws IOException {
    Process copy =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                CopyInChild.class.getName(),
                source.toString(),
                target.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertEquals("copying", copy.inputReader(StandardCharsets.UTF_8).readLine());
    return copy;
  }
}
