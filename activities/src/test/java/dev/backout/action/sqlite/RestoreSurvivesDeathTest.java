package dev.backout.action.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.testing.PlainContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A restore in a process of its own that is killed with SIGKILL. */
final class RestoreSurvivesDeathTest {
  private static final String OLD = "old=400";
  private static final String NEW = "new=6000";

  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource(Replacement.Stage.class)
  void killedAtAStageTheDatabaseIsWhollyOldOrWhollyNew(Replacement.Stage stage) throws Exception {
    Path backup = SampleDatabase.create(directory.resolve("backup.db"), "new", 6000);
    Path database = SampleDatabase.crashed(directory.resolve("app.db"), "old", 200);

    Process worker = start(backup, database, stage.name());
    assertEquals(137, worker.waitFor(), "it was killed");

    String expected = stage.compareTo(Replacement.Stage.SWAPPED) < 0 ? OLD : NEW;
    assertEquals(expected, SampleDatabase.content(database));
    assertARepeatedRestoreEndsWell(backup, database);
  }

  @Test
  void killedAtAnyInstantTheDatabaseIsWhollyOldOrWhollyNew() throws Exception {
    Path backup = SampleDatabase.create(directory.resolve("backup.db"), "new", 6000);
    long whole = timeOfAWholeRestore(backup);
    Random random = new Random(42);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      Path home = Files.createDirectory(directory.resolve("kill-" + i));
      Path database = SampleDatabase.crashed(home.resolve("app.db"), "old", 200);
      Process worker = start(backup, database, "none");
      awaitLine(worker);
      TimeUnit.NANOSECONDS.sleep((long) (random.nextDouble() * 1.1 * whole));
      worker.destroyForcibly().waitFor();

      String content = SampleDatabase.content(database);
      assertTrue(Set.of(OLD, NEW).contains(content), content);
      seen.add(content);
      assertARepeatedRestoreEndsWell(backup, database);
    }
    assertTrue(seen.contains(OLD), "some were killed before the swap");
  }

  @Test
  void theLogOfTheOldDatabaseWouldUndoANaiveRestore() throws Exception {
    Path backup = SampleDatabase.crashed(directory.resolve("backup.db"), "old", 200);
    Path database = SampleDatabase.crashed(directory.resolve("app.db"), "old", 200);
    Files.delete(SampleDatabase.sibling(backup, "-wal"));

    Files.copy(backup, database, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

    assertEquals(OLD, SampleDatabase.content(database), "this is what the action must prevent");
  }

  private static void assertARepeatedRestoreEndsWell(Path backup, Path database) throws Exception {
    new RestoreDatabase()
        .run(
            new RestoreDatabase.Input(backup, database, null, null, null, true, false),
            new PlainContext());
    assertEquals(NEW, SampleDatabase.content(database));
    List<String> unfinished = new ArrayList<>();
    try (var files = Files.list(database.getParent())) {
      files.map(file -> file.getFileName().toString()).forEach(unfinished::add);
    }
    unfinished.removeIf(name -> !name.contains(".unfinished-") && !name.endsWith("-wal"));
    assertEquals(List.of(), unfinished);
    assertEquals(OLD, SampleDatabase.content(SampleDatabase.sibling(database, ".before-run-1")));
  }

  private long timeOfAWholeRestore(Path backup) throws Exception {
    Path home = Files.createDirectory(directory.resolve("whole"));
    Path database = SampleDatabase.crashed(home.resolve("app.db"), "old", 200);
    Process worker = start(backup, database, "none");
    awaitLine(worker);
    long start = System.nanoTime();
    assertEquals(0, worker.waitFor());
    return System.nanoTime() - start;
  }

  private static Process start(Path backup, Path database, String stage) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            RestoreInChild.class.getName(),
            backup.toString(),
            database.toString(),
            stage)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void awaitLine(Process worker) throws IOException, SQLException {
    BufferedReader reader = worker.inputReader(StandardCharsets.UTF_8);
    assertEquals("restoring", reader.readLine());
  }
}
