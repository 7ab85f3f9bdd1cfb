package dev.backout.action.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.Preview;
import dev.backout.action.RejectedBackup;
import dev.backout.testing.PlainContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FindBackupTest {
  private static final List<String> PATTERNS = List.of("*.db", "*.db.gz");

  @TempDir private Path directory;
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

  @Test
  void theNewestIsTakenByItsTimeNotItsName() throws Exception {
    backup("z-older.db", 5);
    Path newest = backup("a-newer.db", 1);

    FindBackup.Output found = find();

    assertEquals(newest, found.path());
    assertEquals(now.minus(1, ChronoUnit.HOURS), found.takenAt());
    assertEquals(found.takenAt(), found.dataAsOf());
    assertEquals(1, found.age().toHours());
    assertEquals(Files.size(newest), found.size().bytes());
    assertEquals(FollowingHash.of(newest), found.sha256());
    assertEquals(0, found.newerRejected());
    assertEquals(Duration.ZERO, found.lossAgainstNewest());
  }

  @Test
  void aNewerOneThatIsDamagedIsPassedOverAndTheLossIsStated() throws Exception {
    Path good = backup("good.db", 26);
    aged(SampleDatabase.damage(backup("damaged.db", 2)), 2);
    Path cut = backup("cut.db", 1);
    byte[] whole = Files.readAllBytes(cut);
    aged(Files.write(cut, Arrays.copyOf(whole, whole.length - 4096)), 1);
    aged(Files.createFile(directory.resolve("empty.db")), 3);
    aged(Files.writeString(directory.resolve("text.db"), "SQLite is not in here. ".repeat(20)), 4);
    Path gzip = SampleDatabase.compressed(good, directory.resolve("cut.db.gz"));
    whole = Files.readAllBytes(gzip);
    aged(Files.write(gzip, Arrays.copyOf(whole, whole.length / 2)), 5);

    FindBackup.Output found = find();

    assertEquals(good, found.path());
    assertEquals(
        List.of("cut.db", "damaged.db", "empty.db", "text.db", "cut.db.gz"),
        found.rejected().stream().map(each -> each.path().getFileName().toString()).toList());
    List<String> why = found.rejected().stream().map(RejectedBackup::why).toList();
    assertTrue(why.get(0).contains("cut off"), why.get(0));
    assertTrue(why.get(1).contains("quick_check says"), why.get(1));
    assertTrue(why.get(2).contains("empty"), why.get(2));
    assertTrue(why.get(3).contains("not a SQLite database"), why.get(3));
    assertTrue(why.get(4).contains("damaged gzip"), why.get(4));
    assertEquals(5, found.newerRejected());
    assertEquals(Duration.ofHours(25), found.lossAgainstNewest());
  }

  @Test
  void oneThatIsDamagedAfterItWasFoundIsNotFoundAgainThoughItLooksTheSame() throws Exception {
    Path backup = backup("backup.db", 1);
    assertEquals(backup, find().path());
    long size = Files.size(backup);

    aged(SampleDatabase.damage(backup), 1);

    assertEquals(size, Files.size(backup));
    assertThrows(ActionException.class, this::find);
  }

  @Test
  void aDamagedIndexIsOnlyFoundByTheFullCheck() throws Exception {
    Path path = backup("index.db", 1);
    try (var connection = SampleDatabase.open(path)) {
      SampleDatabase.execute(
          connection,
          "PRAGMA writable_schema = ON",
          "UPDATE sqlite_schema SET sql = 'CREATE INDEX by_marker ON artifacts(body)'"
              + " WHERE name = 'by_marker'");
    }

    assertEquals(path, find().path());
    assertThrows(
        ActionException.class,
        () -> find(new FindBackup.Input(directory, PATTERNS, null, List.of(), Check.FULL)));
  }

  @Test
  void aCompressedBackupIsReadAndHashedUnpacked() throws Exception {
    Path plain = SampleDatabase.create(directory.resolve("plain"), "new", 50);
    Path packed = aged(SampleDatabase.compressed(plain, directory.resolve("packed.db.gz")), 1);

    FindBackup.Output found = find();

    assertEquals(packed, found.path());
    assertTrue(found.compressed());
    assertEquals(FollowingHash.of(plain), found.sha256());
    assertEquals(Files.size(packed), found.size().bytes());
  }

  @Test
  void aBackupWithALogBesideItIsReadTogetherWithIt() throws Exception {
    Path path = aged(SampleDatabase.crashed(directory.resolve("copied.db"), "new", 50), 1);
    List<Path> before = files();

    assertEquals(path, find().path());
    assertEquals(before, files());
  }

  @Test
  void aBackupInWalModeLeavesNoSidecars() throws Exception {
    try (var connection = SampleDatabase.open(directory.resolve("wal.db"))) {
      SampleDatabase.execute(connection, "PRAGMA journal_mode = WAL");
      SampleDatabase.fill(connection, "new", 10);
    }
    List<Path> before = files();

    find();

    assertEquals(before, files());
  }

  @Test
  void oneWithoutTheExpectedTablesIsPassedOver() throws Exception {
    Path good = backup("good.db", 2);
    try (var connection = SampleDatabase.open(directory.resolve("other.db"))) {
      SampleDatabase.execute(connection, "CREATE TABLE topics(id)");
    }

    FindBackup.Output found =
        find(
            new FindBackup.Input(
                directory, PATTERNS, null, List.of("artifacts", "topics"), Check.QUICK));

    assertEquals(good, found.path());
    assertEquals("it has no table artifacts", found.rejected().get(0).why());
  }

  @Test
  void noBackupAtAllSaysWhereAndWhatWasLookedFor() throws Exception {
    Files.createDirectory(directory.resolve("directory.db"));

    ActionException refusal = assertThrows(ActionException.class, () -> find());

    assertTrue(refusal.getMessage().contains("There is no backup in " + directory));
    assertTrue(refusal.getMessage().contains("*.db.gz"));
    assertTrue(refusal.getMessage().contains("from it with sync.copy"), refusal.getMessage());
  }

  @Test
  void onlyDamagedBackupsAreListedEachWithWhy() throws Exception {
    aged(SampleDatabase.damage(backup("one.db", 1)), 1);
    aged(Files.createFile(directory.resolve("two.db")), 2);

    ActionException refusal = assertThrows(ActionException.class, () -> find());

    assertEquals(ActionException.Kind.PERMANENT, refusal.kind());
    assertTrue(refusal.getMessage().contains("one.db: quick_check says"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("two.db: it is empty"), refusal.getMessage());
  }

  @Test
  void oneThatIsTooOldIsRefusedAndStillNamed() throws Exception {
    backup("old.db", 30);

    ActionException refusal =
        assertThrows(ActionException.class, () -> findWithin(Duration.ofHours(24)));

    assertTrue(refusal.getMessage().contains("old.db is 1d 6h old"), refusal.getMessage());
    assertTrue(refusal.getMessage().contains("raise maxAge"), refusal.getMessage());
    assertFalse(findWithin(Duration.ofHours(31)).path().toString().isEmpty());
  }

  @Test
  void aDirectoryThatIsMissingIsNamed() {
    ActionException refusal =
        assertThrows(
            ActionException.class,
            () ->
                find(
                    new FindBackup.Input(
                        directory.resolve("none"), PATTERNS, null, List.of(), Check.QUICK)));

    assertEquals(ActionException.Kind.INVALID_INPUT, refusal.kind());
  }

  @Test
  void aLinkThatLeadsNowhereIsNoBackup() throws Exception {
    Files.createSymbolicLink(directory.resolve("loop.db"), directory.resolve("loop.db"));
    Path good = backup("good.db", 1);

    assertEquals(good, find().path());
  }

  @Test
  void previewListsWhatWasPassedOver() throws Exception {
    backup("good.db", 26);
    aged(SampleDatabase.damage(backup("damaged.db", 2)), 2);

    Preview preview =
        new FindBackup()
            .preview(
                new FindBackup.Input(directory, PATTERNS, null, List.of(), Check.QUICK),
                new PlainContext());

    assertFalse(preview.changes());
    Preview.Detail loss =
        preview.details().stream()
            .filter(detail -> detail.kind() == Preview.Kind.LOSS)
            .findFirst()
            .orElseThrow();
    assertEquals("Going further back costs 1d 0h.", loss.lines().get(1));
  }

  @Test
  void cancellingEndsTheSearch() throws Exception {
    backup("good.db", 1);

    assertThrows(
        CancelledException.class,
        () ->
            new FindBackup()
                .run(
                    new FindBackup.Input(directory, PATTERNS, null, List.of(), Check.QUICK),
                    new PlainContext().cancel()));
  }

  private FindBackup.Output find() throws Exception {
    return find(new FindBackup.Input(directory, PATTERNS, null, List.of(), Check.QUICK));
  }

  private FindBackup.Output findWithin(Duration maxAge) throws Exception {
    return find(new FindBackup.Input(directory, PATTERNS, maxAge, List.of(), Check.QUICK));
  }

  private FindBackup.Output find(FindBackup.Input input) throws Exception {
    return new FindBackup().run(input, new PlainContext());
  }

  private Path backup(String name, long hours) throws Exception {
    return aged(SampleDatabase.create(directory.resolve(name), "new", 200), hours);
  }

  private Path aged(Path file, long hours) throws Exception {
    return SampleDatabase.written(file, now.minus(hours, ChronoUnit.HOURS));
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
