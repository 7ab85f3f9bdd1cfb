package dev.backout.action.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of 100 MB, by workers of little memory. */
final class LargeValuesTest {
  private static final String TABLE = "CREATE TABLE large (id int PRIMARY KEY, v text, b bytea)";
  private static final String SUMS = "SELECT id, length(v), md5(v), md5(b) FROM large ORDER BY id";

  @TempDir private Path directory;

  @Test
  void theyPassBothWaysOrAreToldToBeTooLargeAndNothingIsChanged() throws Exception {
    String source = SyncServer.database();
    SyncServer.sql(
        source,
        TABLE,
        "INSERT INTO large VALUES (1, repeat('ü', 50000000), NULL), (2, '', decode(repeat('00ff', 50000000), 'hex'))");
    Path file = directory.resolve("app.db");
    Copying.sqlite(
        file,
        "CREATE TABLE large (id INTEGER PRIMARY KEY, v TEXT, b BLOB)",
        "INSERT INTO large VALUES (7, 'old', NULL)");

    assertTooLarge(said("160m", source, file));
    assertEquals(List.of("7|old"), Copying.rows(file, "SELECT id, v FROM large"));
    assertEquals("", said("512m", source, file));
    assertEquals(
        List.of("1|50000000|null", "2|0|100000000"),
        Copying.rows(file, "SELECT id, length(v), length(b) FROM large"));

    String back = SyncServer.database();
    SyncServer.sql(back, TABLE, "INSERT INTO large VALUES (7, 'old')");
    assertTooLarge(said("160m", file, back));
    assertEquals("7", SyncServer.ask(back, "SELECT id FROM large"));
    assertEquals("", said("512m", file, back));
    assertEquals(Copying.rows(source, SUMS), Copying.rows(back, SUMS));
  }

  private static void assertTooLarge(String said) {
    assertTrue(said.contains("too small for a row of large"), said);
    assertTrue(said.contains("Nothing was changed."), said);
  }

  /** What a worker with so much heap says against it. */
  private String said(String heap, Object source, Object target)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile(directory, "said", ".txt");
    Process copy =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                CopyInChild.class.getName(),
                source.toString(),
                target.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(said.toFile())
            .start();
    int unused = copy.waitFor();
    return Files.readString(said);
  }
}
