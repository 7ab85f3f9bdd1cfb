package dev.backout.action.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.action.Preview;
import dev.backout.testing.PlainContext;
import dev.backout.testing.RequiresProgram;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SetAsideDatabaseTest {
  @TempDir private Path directory;
  private final PlainContext context = new PlainContext();
  private Path database;

  @BeforeEach
  void name() {
    database = directory.resolve("dev.db");
  }

  @Test
  void theDatabaseIsKeptWholeWithWhatWasOnlyInItsLog() throws Exception {
    SampleDatabase.crashed(database, "dev", 100);

    Path former = setAside().former();

    assertEquals(directory.resolve("dev.db.before-run-1"), former);
    assertEquals(Set.of("dev.db.before-run-1"), names());
    assertEquals("dev=200", SampleDatabase.content(former));
  }

  @Test
  void anotherAttemptFindsItAndLeavesItAlone() throws Exception {
    SampleDatabase.create(database, "dev", 100);
    Path former = setAside().former();

    assertEquals(former, setAside().former());
    assertEquals(Set.of("dev.db.before-run-1"), names());
  }

  @Test
  void aNewDatabaseOfTheSameRunIsKeptBesideTheFormer() throws Exception {
    SampleDatabase.create(database, "dev", 100);
    setAside();
    SampleDatabase.create(database, "new", 1);

    Path former = setAside().former();

    assertEquals("new=1", SampleDatabase.content(former));
    assertEquals(Set.of("dev.db.before-run-1", "dev.db.before-run-1.2"), names());
  }

  @Test
  void whereThereIsNoneNothingHappens() throws Exception {
    assertFalse(preview().changes());
    assertNull(setAside().former());
  }

  @Test
  void aFileThatIsNoDatabaseIsKeptAsItIs() throws Exception {
    Files.writeString(database, "no database at all, but what was there");

    Path former = setAside().former();

    assertEquals("no database at all, but what was there", Files.readString(former));
  }

  @RequiresProgram("sqlite3")
  @Test
  void whatSomebodyHasOpenIsLeftAndTheProcessNamed() throws Exception {
    SampleDatabase.create(database, "dev", 100);
    Process holder = new ProcessBuilder("sqlite3", database.toString()).start();
    try {
      holder
          .getOutputStream()
          .write("begin; select count(*) from topics;\n".getBytes(StandardCharsets.UTF_8));
      holder.getOutputStream().flush();
      holder.getInputStream().read();

      ActionException refused = assertThrows(ActionException.class, this::setAside);

      assertTrue(refused.getMessage().contains("process " + holder.pid()), refused.getMessage());
      assertTrue(Files.exists(database));
    } finally {
      holder.destroyForcibly().waitFor();
    }
  }

  @Test
  void thePreviewSaysWhereItWouldBe() throws Exception {
    SampleDatabase.create(database, "dev", 100);

    Preview preview = preview();

    assertTrue(preview.changes());
    assertTrue(preview.details().toString().contains("dev.db.before-RUN"), preview::toString);
    assertEquals(Set.of("dev.db"), names());
  }

  @Test
  void whatWasTakenAwayIsPutBackAndWhatCameAfterItKept() throws Exception {
    SampleDatabase.crashed(database, "dev", 100);
    Path former = setAside().former();
    SampleDatabase.create(database, "new", 1);

    Path replaced = putBack(former);

    assertEquals("dev=200", SampleDatabase.content(database));
    assertEquals("new=1", SampleDatabase.content(replaced));
    assertEquals("dev=200", SampleDatabase.content(former));
  }

  @Test
  void whereThereWasNoneThePlaceIsEmptyAgain() throws Exception {
    Path former = setAside().former();
    SampleDatabase.create(database, "new", 1);

    Path replaced = putBack(former);

    assertFalse(Files.exists(database));
    assertEquals("new=1", SampleDatabase.content(replaced));
  }

  private Path putBack(Path former) throws Exception {
    return new PutBackDatabase()
        .run(new PutBackDatabase.Input(database, former), new PlainContext("run-2"))
        .replaced();
  }

  private SetAsideDatabase.Output setAside() throws Exception {
    return new SetAsideDatabase().run(new SetAsideDatabase.Input(database), context);
  }

  private Preview preview() throws Exception {
    return new SetAsideDatabase().preview(new SetAsideDatabase.Input(database), context);
  }

  private Set<String> names() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }
}
