package dev.backout.action.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.Preview;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import dev.backout.testing.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RestoreDatabaseTest {
  private static final Instant TAKEN = Instant.parse("2026-03-01T10:00:00Z");

  @TempDir private Path directory;
  private final PlainContext context = new PlainContext();
  private Path backup;
  private Path database;

  @BeforeEach
  void layOut() throws Exception {
    Files.createDirectory(directory.resolve("var"));
    backup = SampleDatabase.create(directory.resolve("backup.db"), "new", 300);
    SampleDatabase.written(backup, TAKEN);
    database = directory.resolve("var/app.db");
  }

  @Test
  void theBackupTakesThePlaceOfTheDatabaseByteForByte() throws Exception {
    SampleDatabase.create(database, "old", 100);

    RestoreDatabase.Output output = restore(input(null));

    assertArrayEquals(Files.readAllBytes(backup), Files.readAllBytes(database));
    assertEquals(FollowingHash.of(database), output.sha256());
    assertEquals(Files.size(backup), output.size().bytes());
    assertEquals(TAKEN, output.dataAsOf());
    assertEquals("new=300", SampleDatabase.content(database));
  }

  @Test
  void theFormerDatabaseIsKeptWithWhatWasOnlyInItsLog() throws Exception {
    SampleDatabase.crashed(database, "old", 100);

    RestoreDatabase.Output output = restore(input(null));

    assertEquals(directory.resolve("var/app.db.before-run-1"), output.former());
    assertEquals(Set.of("app.db", "app.db.before-run-1"), names());
    assertEquals("old=200", SampleDatabase.content(notNull(output.former())));
    assertEquals("new=300", SampleDatabase.content(database));
  }

  @Test
  void anInterruptedTransactionOfTheFormerIsRolledBackAndNotPlayedIntoTheNew() throws Exception {
    hotJournal();

    RestoreDatabase.Output output = restore(input(null));

    assertEquals("new=300", SampleDatabase.content(database));
    assertEquals("old=100", SampleDatabase.content(notNull(output.former())));
    assertEquals(Set.of("app.db", "app.db.before-run-1"), names());
  }

  @Test
  void aDatabaseThatSqliteCannotOpenIsReplacedAndKeptToo() throws Exception {
    SampleDatabase.crashed(database, "old", 100);
    String garbage = "not a database at all, but long enough to have a header ".repeat(9);
    Files.writeString(database, garbage);
    Files.writeString(SampleDatabase.sibling(database, "-wal"), "nor is this a log");

    RestoreDatabase.Output output = restore(input(null));

    assertEquals("new=300", SampleDatabase.content(database));
    assertFalse(names().contains("app.db-wal"));
    assertEquals(garbage, Files.readString(notNull(output.former())));
  }

  @Test
  void aLogThatIsLeftWithoutItsDatabaseIsKeptAside() throws Exception {
    SampleDatabase.crashed(database, "old", 100);
    Files.delete(database);

    RestoreDatabase.Output output = restore(input(null));

    assertEquals("new=300", SampleDatabase.content(database));
    assertNull(output.former());
    assertTrue(names().contains("app.db.before-run-1-wal"));
  }

  @Test
  void theFormerIsNotKeptWhereThatIsAsked() throws Exception {
    SampleDatabase.crashed(database, "old", 100);

    RestoreDatabase.Output output =
        restore(new RestoreDatabase.Input(backup, database, null, null, null, false, false));

    assertNull(output.former());
    assertEquals(Set.of("app.db"), names());
  }

  @Test
  void aSecondRestoreOfTheSameRunDoesNotOverwriteWhatTheFirstKept() throws Exception {
    SampleDatabase.create(database, "old", 100);

    restore(input(null));
    RestoreDatabase.Output second = restore(input(null));

    assertEquals("old=100", SampleDatabase.content(directory.resolve("var/app.db.before-run-1")));
    assertEquals(directory.resolve("var/app.db.before-run-1.2"), second.former());
  }

  @Test
  void aCompressedBackupIsUnpackedWhateverItsName() throws Exception {
    Path packed = SampleDatabase.compressed(backup, directory.resolve("packed.db"));
    SampleDatabase.create(database, "old", 100);

    RestoreDatabase.Output output =
        restore(
            new RestoreDatabase.Input(
                packed, database, FollowingHash.of(backup), null, null, true, false));

    assertEquals("new=300", SampleDatabase.content(database));
    assertEquals(FollowingHash.of(backup), output.sha256());
  }

  @Test
  void aBackupWithALogBesideItIsRestoredWithWhatTheLogHolds() throws Exception {
    Path copied = SampleDatabase.crashed(directory.resolve("copied.db"), "new", 50);

    restore(new RestoreDatabase.Input(copied, database, null, null, null, true, false));

    assertEquals("new=100", SampleDatabase.content(database));
    assertTrue(Files.exists(SampleDatabase.sibling(copied, "-wal")), "the backup is left as it is");
    assertEquals(Set.of("app.db"), names());
  }

  @Test
  void aCutOffGzipLeavesTheDatabaseAsItWas() throws Exception {
    Path packed = SampleDatabase.compressed(backup, directory.resolve("packed.db.gz"));
    byte[] whole = Files.readAllBytes(packed);
    Files.write(packed, java.util.Arrays.copyOf(whole, whole.length / 2));

    ActionException refusal =
        refused(new RestoreDatabase.Input(packed, database, null, null, null, true, false));

    assertTrue(refusal.getMessage().contains("damaged gzip file"), refusal.getMessage());
  }

  @Test
  void aDamagedBackupIsRefusedAndTheDatabaseIsAsItWas() throws Exception {
    SampleDatabase.damage(backup);

    ActionException refusal = refused(input(null));

    assertTrue(refusal.getMessage().contains("quick_check says"), refusal.getMessage());
  }

  @Test
  void aBackupThatIsCutOffIsRefusedEvenWhereOnlyItsHashIsAsked() throws Exception {
    byte[] whole = Files.readAllBytes(backup);
    Files.write(backup, java.util.Arrays.copyOf(whole, whole.length - 4096));

    ActionException refusal = refused(input(FollowingHash.of(backup)));

    assertTrue(refusal.getMessage().contains("cut off"), refusal.getMessage());
  }

  @Test
  void anotherHashThanExpectedIsRefused() throws Exception {
    ActionException refusal = refused(input("00".repeat(32)));

    assertTrue(refusal.getMessage().contains(FollowingHash.of(backup)), refusal.getMessage());
  }

  @Test
  void verifyingByHashNeedsAHash() {
    ActionException refusal =
        assertThrows(
            ActionException.class,
            () ->
                restore(
                    new RestoreDatabase.Input(
                        backup, database, null, RestoreDatabase.Verify.HASH, null, true, false)));

    assertEquals(ActionException.Kind.INVALID_INPUT, refusal.kind());
  }

  @Test
  void aDatabaseThatAnotherProcessHasOpenIsRefusedNamingIt() throws Exception {
    SampleDatabase.create(database, "old", 100);
    Process holder =
        new ProcessBuilder("sh", "-c", "exec sleep 60 < \"$0\"", database.toString()).start();
    try {
      awaitHolder(holder);
      ActionException refusal = assertThrows(ActionException.class, () -> restore(input(null)));

      assertTrue(
          refusal.getMessage().contains("process " + holder.pid() + " (sleep 60)"),
          refusal.getMessage());
      assertEquals("old=100", SampleDatabase.content(database));
      assertEquals(Set.of("app.db"), names());

      Preview preview = new RestoreDatabase().preview(input(null), context);
      assertTrue(
          preview.details().stream()
              .anyMatch(
                  detail ->
                      detail.kind() == Preview.Kind.PROBLEM
                          && detail.lines().get(0).contains("process " + holder.pid())));
    } finally {
      holder.destroyForcibly().waitFor();
    }
    assertEquals("new=300", SampleDatabase.content(restore(input(null)).database()));
  }

  @Test
  void aTransactionOfThisVeryWorkerIsNotTornEither() throws Exception {
    SampleDatabase.create(database, "old", 100);
    try (Connection connection = SampleDatabase.open(database)) {
      SampleDatabase.execute(connection, "BEGIN IMMEDIATE");

      ActionException refusal = assertThrows(ActionException.class, () -> restore(input(null)));

      assertTrue(refusal.getMessage().contains("It is as it was"), refusal.getMessage());
    }
    assertEquals(Set.of("app.db"), names());
  }

  @Test
  void modeAndOwnerOfTheFormerAreKept() throws Exception {
    SampleDatabase.create(database, "old", 100);
    Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-rw----"));
    boolean root = "root".equals(System.getProperty("user.name"));
    if (root) {
      Files.setAttribute(database, "unix:uid", 12345);
      Files.setAttribute(database, "unix:gid", 23456);
    }

    restore(input(null));

    assertEquals(
        "rw-rw----", PosixFilePermissions.toString(Files.getPosixFilePermissions(database)));
    if (root) {
      assertEquals(12345, Files.getAttribute(database, "unix:uid"));
      assertEquals(23456, Files.getAttribute(database, "unix:gid"));
    }
  }

  @Test
  @RequiresProgram({"root", "mount"})
  void aFullDiskIsSeenBeforehandAndLeavesEverythingAsItWas() throws Exception {
    Path small = Files.createDirectory(directory.resolve("small"));
    run("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", small.toString());
    try {
      database = SampleDatabase.create(small.resolve("app.db"), "old", 10);

      ActionException refusal = refused(input(null));
      assertTrue(refusal.getMessage().contains("are free"), refusal.getMessage());

      // A gzip file's last part is all that its length speaks of, so this is only met in writing.
      Path packed = directory.resolve("two-parts.db.gz");
      SampleDatabase.compressed(backup, packed);
      Path tail = Files.write(directory.resolve("tail"), new byte[] {1});
      Files.write(
          packed,
          Files.readAllBytes(SampleDatabase.compressed(tail, directory.resolve("tail.gz"))),
          java.nio.file.StandardOpenOption.APPEND);
      refusal = refused(new RestoreDatabase.Input(packed, database, null, null, null, true, false));

      assertTrue(refusal.getMessage().contains("is full"), refusal.getMessage());
      assertEquals("old=10", SampleDatabase.content(database));
      try (Stream<Path> files = Files.list(small)) {
        assertEquals(List.of(database), files.toList());
      }
    } finally {
      run("umount", small.toString());
    }
  }

  @Test
  void aCancelledRestoreLeavesNothingBehind() throws Exception {
    SampleDatabase.create(database, "old", 100);

    assertThrows(
        CancelledException.class,
        () -> new RestoreDatabase().run(input(null), new PlainContext().cancel()));

    assertEquals(Set.of("app.db"), names());
    assertEquals("old=100", SampleDatabase.content(database));
  }

  @Test
  void whatAKilledWorkerLeftIsRemoved() throws Exception {
    Files.write(directory.resolve("var/.app.db.unfinished-run-0"), new byte[100]);

    restore(input(null));

    assertEquals(Set.of("app.db"), names());
  }

  @Test
  void previewShowsTheRowsThatWouldBeLostAndChangesNothing() throws Exception {
    SampleDatabase.crashed(database, "old", 400);
    byte[] before = Files.readAllBytes(database);
    Set<String> names = names();

    Preview preview = new RestoreDatabase().preview(input(null), context);

    assertTrue(preview.changes());
    assertTrue(
        preview.details().stream()
            .anyMatch(
                detail ->
                    detail.kind() == Preview.Kind.LOSS && detail.lines().get(0).contains("500")),
        preview.toString());
    assertTrue(
        preview.details().stream()
            .anyMatch(detail -> detail.lines().contains("artifacts\t800\t300\t500")));
    assertTrue(String.valueOf(preview.outputs()).contains("rowsLost=500"));
    assertArrayEquals(before, Files.readAllBytes(database));
    assertEquals(names, names());
  }

  @Test
  void rowsAreCountedBeforeAndAfterWhereThatIsAsked() throws Exception {
    SampleDatabase.crashed(database, "old", 400);

    RestoreDatabase.Output output =
        restore(new RestoreDatabase.Input(backup, database, null, null, null, true, true));

    assertEquals(500L, output.rowsLost());
  }

  @Test
  void theDatabaseIsNotItsOwnBackup() throws Exception {
    ActionException refusal =
        assertThrows(
            ActionException.class,
            () ->
                restore(new RestoreDatabase.Input(backup, backup, null, null, null, true, false)));

    assertEquals(ActionException.Kind.INVALID_INPUT, refusal.kind());
  }

  @Test
  void aDirectoryThatIsMissingIsNamed() {
    database = directory.resolve("nowhere/app.db");

    ActionException refusal = assertThrows(ActionException.class, () -> restore(input(null)));

    assertTrue(refusal.getMessage().contains("There is no directory"), refusal.getMessage());
  }

  @Test
  void byNameItTakesWhatFindBackupGives() throws Exception {
    SampleDatabase.create(database, "old", 100);

    var found = Catalog.run("sqlite.findBackup", "{'directory': '" + directory + "'}", context);
    var preview = Catalog.preview("sqlite.restore", inputOf(found), context);
    var restored = Catalog.run("sqlite.restore", inputOf(found), context);
    var verified =
        Catalog.run("sqlite.verify", "{'database': '" + database + "', 'check': 'full'}", context);

    assertEquals(TAKEN.toString(), restored.get("dataAsOf").asText());
    assertEquals(TAKEN.toString(), preview.get("outputs").get("dataAsOf").asText());
    assertEquals(300, verified.get("tables").get("artifacts").asLong());
  }

  private String inputOf(JsonNode found) {
    return "{'backup': %s, 'database': '%s', 'sha256': %s, 'takenAt': %s, 'verify': 'full'}"
        .formatted(found.get("path"), database, found.get("sha256"), found.get("takenAt"));
  }

  private RestoreDatabase.Input input(@Nullable String sha256) {
    return new RestoreDatabase.Input(backup, database, sha256, null, null, true, false);
  }

  private RestoreDatabase.Output restore(RestoreDatabase.Input input) throws Exception {
    return new RestoreDatabase().run(input, context);
  }

  /** It fails, and the database beside which it was tried is untouched. */
  private ActionException refused(RestoreDatabase.Input input) throws Exception {
    if (!Files.exists(database)) {
      SampleDatabase.create(database, "old", 100);
    }
    byte[] before = Files.readAllBytes(database);
    ActionException refusal = assertThrows(ActionException.class, () -> restore(input));
    assertArrayEquals(before, Files.readAllBytes(database));
    try (Stream<Path> files = Files.list(database.getParent())) {
      assertEquals(List.of(database), files.toList());
    }
    return refusal;
  }

  private Set<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("var"))) {
      return files
          .map(file -> file.getFileName().toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** A transaction that has already changed the file, as a killed application leaves it. */
  private void hotJournal() throws Exception {
    Path live = SampleDatabase.create(directory.resolve("live.db"), "old", 100);
    try (Connection connection = SampleDatabase.open(live)) {
      SampleDatabase.execute(
          connection,
          "PRAGMA cache_size = 1",
          "PRAGMA cache_spill = 1",
          "BEGIN",
          "UPDATE artifacts SET marker = 'torn', body = hex(randomblob(200))");
      Files.copy(live, database);
      Files.copy(
          SampleDatabase.sibling(live, "-journal"), SampleDatabase.sibling(database, "-journal"));
      SampleDatabase.execute(connection, "ROLLBACK");
    }
  }

  private void awaitHolder(Process holder) throws Exception {
    while (OpenFiles.of(List.of(database)).others().stream()
        .noneMatch(found -> found.pid() == holder.pid() && found.command().startsWith("sleep"))) {
      assertTrue(holder.isAlive());
      Thread.sleep(10);
    }
  }

  private static <T> T notNull(@Nullable T value) {
    assertNotNull(value);
    return value;
  }

  private static void run(String... command) throws Exception {
    assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
  }
}
