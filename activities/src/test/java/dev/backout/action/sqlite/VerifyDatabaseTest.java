package dev.backout.action.sqlite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.action.Preview;
import dev.backout.testing.PlainContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class VerifyDatabaseTest {
  @TempDir private Path directory;
  private Path database;

  @BeforeEach
  void layOut() {
    database = directory.resolve("app.db");
  }

  @Test
  void aWholeDatabaseIsCounted() throws Exception {
    SampleDatabase.create(database, "x", 120);

    VerifyDatabase.Output output = verify(List.of("topics"), Map.of("artifacts", 120L));

    assertEquals(Map.of("artifacts", 120L, "topics", 1L), output.tables());
    assertEquals(121, output.rows());
    assertEquals(Files.size(database), output.size().bytes());
  }

  @Test
  void whatIsOnlyInTheLogOfACrashedApplicationCountsToo() throws Exception {
    SampleDatabase.crashed(database, "x", 60);
    Map<String, Long> before = contents();

    assertEquals(120L, verify(List.of(), Map.of()).tables().get("artifacts"));
    assertEquals(before, contents(), "nothing is written by looking");

    Files.delete(SampleDatabase.sibling(database, "-shm"));
    before = contents();
    assertEquals(120L, verify(List.of(), Map.of()).tables().get("artifacts"));
    assertEquals(before, contents(), "nothing is written by looking");
  }

  @Test
  void aDatabaseInUseIsVerifiedAsItIs() throws Exception {
    try (Connection connection = SampleDatabase.open(database)) {
      SampleDatabase.execute(connection, "PRAGMA journal_mode = WAL");
      SampleDatabase.fill(connection, "x", 10);
      SampleDatabase.execute(connection, "BEGIN IMMEDIATE");
      SampleDatabase.insert(connection, "uncommitted", 10);

      assertEquals(10L, verify(List.of(), Map.of()).tables().get("artifacts"));

      SampleDatabase.execute(connection, "COMMIT");
      assertEquals(20L, verify(List.of(), Map.of()).tables().get("artifacts"));
    }
  }

  @Test
  void aDatabaseInWalModeThatNobodyUsesIsLeftWithoutSidecars() throws Exception {
    try (Connection connection = SampleDatabase.open(database)) {
      SampleDatabase.execute(connection, "PRAGMA journal_mode = WAL");
      SampleDatabase.fill(connection, "x", 10);
    }
    Map<String, Long> before = contents();

    verify(List.of(), Map.of());

    assertEquals(before, contents());
  }

  @Test
  void damageIsDescribed() throws Exception {
    SampleDatabase.damage(SampleDatabase.create(database, "x", 500));

    ActionException refusal = refused(List.of(), Map.of());

    assertTrue(refusal.getMessage().contains("does not hold what it should"));
    assertTrue(refusal.getMessage().contains("malformed"), refusal.getMessage());
  }

  @Test
  void aFileOfAnotherKindIsNoDatabase() throws Exception {
    Files.writeString(database, "hello ".repeat(100));

    assertTrue(refused(List.of(), Map.of()).getMessage().contains("not a database"));
  }

  @Test
  void anEmptyFileIsNoDatabase() throws Exception {
    Files.createFile(database);

    assertTrue(refused(List.of(), Map.of()).getMessage().contains("it is empty"));
  }

  @Test
  void aRowThatPointsAtNothingIsNamed() throws Exception {
    SampleDatabase.create(database, "x", 3);
    try (Connection connection = SampleDatabase.open(database)) {
      SampleDatabase.execute(connection, "UPDATE artifacts SET topic = 7 WHERE id = 2");
    }

    ActionException refusal = refused(List.of(), Map.of());

    assertTrue(
        refusal.getMessage().contains("artifacts row 2 points at no topics"), refusal.getMessage());
    new VerifyDatabase()
        .run(
            new VerifyDatabase.Input(database, Check.FULL, false, List.of(), Map.of()),
            new PlainContext());
  }

  @Test
  void missingTablesAndTooFewRowsAreAllSaidAtOnce() throws Exception {
    SampleDatabase.create(database, "x", 3);

    String message = refused(List.of("entities"), Map.of("artifacts", 567L)).getMessage();

    assertTrue(message.contains("there is no table entities"), message);
    assertTrue(message.contains("artifacts has 3 rows, at least 567 expected"), message);
  }

  @Test
  void aDatabaseThatIsMissingIsNamed() {
    assertEquals(ActionException.Kind.INVALID_INPUT, refused(List.of(), Map.of()).kind());
  }

  @Test
  void tableNamesThatNeedQuotesAreCounted() throws Exception {
    try (Connection connection = SampleDatabase.open(database)) {
      SampleDatabase.execute(
          connection,
          "CREATE TABLE \"odd \"\"name\"(x)",
          "INSERT INTO \"odd \"\"name\" VALUES (1)",
          "CREATE VIRTUAL TABLE words USING fts5(text)");
    }

    assertEquals(Map.of("odd \"name", 1L), verify(List.of(), Map.of()).tables());
  }

  @Test
  void previewShowsTheCounts() throws Exception {
    SampleDatabase.create(database, "x", 3);

    Preview preview = new VerifyDatabase().preview(input(List.of(), Map.of()), new PlainContext());

    assertTrue(preview.details().get(0).lines().contains("artifacts\t3"));
  }

  private VerifyDatabase.Output verify(List<String> tables, Map<String, Long> rows)
      throws Exception {
    return new VerifyDatabase().run(input(tables, rows), new PlainContext());
  }

  private ActionException refused(List<String> tables, Map<String, Long> rows) {
    return assertThrows(ActionException.class, () -> verify(tables, rows));
  }

  private VerifyDatabase.Input input(List<String> tables, Map<String, Long> rows) {
    return new VerifyDatabase.Input(database, Check.QUICK, true, tables, rows);
  }

  /** What is in the directory, by name and a sum of its bytes. */
  private Map<String, Long> contents() throws Exception {
    Map<String, Long> sums = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        java.util.zip.CRC32 sum = new java.util.zip.CRC32();
        sum.update(Files.readAllBytes(file));
        sums.put(file.getFileName().toString(), sum.getValue());
      }
    }
    return sums;
  }
}
