package dev.backout.action.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.Preview;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SnapshotDatabaseTest {
  @TempDir private Path directory;
  private Path database;
  private Path destination;

  @BeforeEach
  void layOut() throws Exception {
    database = directory.resolve("app.db");
    destination = Files.createDirectory(directory.resolve("backups")).resolve("copy.db");
  }

  @Test
  void aCopyHasAllThatWasCommittedAndNothingElse() throws Exception {
    try (Connection connection = SampleDatabase.open(database)) {
      SampleDatabase.execute(connection, "PRAGMA journal_mode = WAL");
      SampleDatabase.fill(connection, "x", 50);
      SampleDatabase.execute(connection, "BEGIN IMMEDIATE");
      SampleDatabase.insert(connection, "uncommitted", 50);

      SnapshotDatabase.Output output = snapshot();

      assertEquals(FollowingHash.of(destination), output.sha256());
      assertEquals(Files.size(destination), output.size().bytes());
      SampleDatabase.execute(connection, "ROLLBACK");
    }
    assertEquals(List.of(destination), backups());
    assertEquals("x=50", SampleDatabase.content(destination));
  }

  @Test
  void aCopyTakenWhileSomebodyWritesIsOfOneInstant() throws Exception {
    try (Connection connection = SampleDatabase.open(database)) {
      SampleDatabase.execute(connection, "PRAGMA journal_mode = WAL");
      SampleDatabase.fill(connection, "x", 20_000);
      AtomicBoolean stop = new AtomicBoolean();
      // Each transaction moves a row from one table to the other, so their sum never changes.
      SampleDatabase.execute(connection, "CREATE TABLE moved(id)");
      Thread writer =
          new Thread(
              () -> {
                try {
                  for (int id = 1; id <= 20_000 && !stop.get(); id++) {
                    SampleDatabase.execute(
                        connection,
                        "BEGIN",
                        "DELETE FROM artifacts WHERE id = " + id,
                        "INSERT INTO moved VALUES (" + id + ")",
                        "COMMIT");
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              });
      writer.start();
      try {
        snapshot();
      } finally {
        stop.set(true);
        writer.join();
      }
    }
    VerifyDatabase.Output copied =
        new VerifyDatabase()
            .run(
                new VerifyDatabase.Input(
                    destination, Check.FULL, true, List.of(), java.util.Map.of()),
                new PlainContext());
    assertEquals(20_001, copied.rows());
  }

  @Test
  void aCrashedApplicationsLogIsPartOfTheCopyAndStaysWhereItIs() throws Exception {
    SampleDatabase.crashed(database, "x", 30);

    snapshot();

    assertEquals("x=60", SampleDatabase.content(destination));
    assertTrue(Files.size(SampleDatabase.sibling(database, "-wal")) > 0);
  }

  @Test
  void takingTheSameCopyAgainIsDoneAlready() throws Exception {
    SampleDatabase.create(database, "x", 30);

    SnapshotDatabase.Output first = snapshot();

    assertEquals(first.sha256(), snapshot().sha256());
    assertEquals(List.of(destination), backups());
  }

  @Test
  void anythingElseOfThatNameIsLeftAsItIs() throws Exception {
    SampleDatabase.create(database, "x", 30);
    Files.writeString(destination, "precious");

    ActionException refusal = assertThrows(ActionException.class, this::snapshot);

    assertTrue(refusal.getMessage().contains("exists"), refusal.getMessage());
    assertEquals("precious", Files.readString(destination));
    assertEquals(List.of(destination), backups());
  }

  @Test
  void aDamagedDatabaseGivesNoBackup() throws Exception {
    SampleDatabase.damage(SampleDatabase.create(database, "x", 500));

    ActionException refusal = assertThrows(ActionException.class, this::snapshot);

    assertTrue(refusal.getMessage().contains("damaged"), refusal.getMessage());
    assertEquals(List.of(), backups());
  }

  @Test
  void aDatabaseThatIsMissingIsNamed() {
    assertEquals(
        ActionException.Kind.INVALID_INPUT,
        assertThrows(ActionException.class, this::snapshot).kind());
  }

  @Test
  void aCancelledCopyLeavesNoFile() throws Exception {
    SampleDatabase.create(database, "x", 500);

    assertThrows(
        CancelledException.class,
        () -> new SnapshotDatabase().run(input(), new PlainContext().cancel()));

    assertEquals(List.of(), backups());
  }

  @Test
  void previewWritesNothing() throws Exception {
    SampleDatabase.create(database, "x", 30);

    Preview preview = new SnapshotDatabase().preview(input(), new PlainContext());

    assertTrue(preview.summary().contains(destination.toString()));
    assertFalse(Files.exists(destination));
  }

  @Test
  void byNameItNeedsTwoPathsOnly() throws Exception {
    SampleDatabase.create(database, "x", 30);

    var output =
        Catalog.run(
            "sqlite.snapshot",
            "{'database': '" + database + "', 'destination': '" + destination + "'}",
            new PlainContext());

    assertEquals(FollowingHash.of(destination), output.get("sha256").asText());
  }

  private SnapshotDatabase.Output snapshot() throws Exception {
    return new SnapshotDatabase().run(input(), new PlainContext());
  }

  private SnapshotDatabase.Input input() {
    return new SnapshotDatabase.Input(database, destination, Check.QUICK);
  }

  private List<Path> backups() throws Exception {
    try (Stream<Path> files = Files.list(destination.getParent())) {
      return files.toList();
    }
  }
}
