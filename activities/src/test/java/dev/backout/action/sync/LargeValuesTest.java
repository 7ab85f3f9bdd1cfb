package dev.backout.action.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values of 8 MB by workers of little memory, and of 100 MB with {@code -Dbackout.faults=all}. */
final class LargeValuesTest {
  private static final boolean ALL = System.getProperty("backout.faults", "").equals("all");
  private static final int BYTES = ALL ? 100_000_000 : 8_000_000;
  private static final String ENOUGH = ALL ? "512m" : "80m";
  private static final String TOO_LITTLE = ALL ? "160m" : "20m";
  private static final String TABLE = "CREATE TABLE large (id int PRIMARY KEY, v text, b bytea)";
  private static final String SUMS = "SELECT id, length(v), md5(v), md5(b) FROM large ORDER BY id";

  @TempDir private Path directory;

  @Test
  void theyPassBothWaysOrAreToldToBeTooLargeAndNothingIsChanged() throws Exception {
    String source = SyncServer.database();
    SyncServer.sql(
        source,
        TABLE,
        "INSERT INTO large VALUES (1, repeat('ü', %1$d), NULL), (2, '', decode(repeat('00ff', %1$d), 'hex'))"
            .formatted(BYTES / 2));
    Path file = directory.resolve("app.db");
    Copying.sqlite(
        file,
        "CREATE TABLE large (id INTEGER PRIMARY KEY, v TEXT, b BLOB)",
        "INSERT INTO large VALUES (7, 'old', NULL)");

    String back = SyncServer.database();
    SyncServer.sql(back, TABLE, "INSERT INTO large VALUES (7, 'old')");

    assertEquals("", said(ENOUGH, source, file, file, back));

    assertEquals(
        List.of("1|" + BYTES / 2 + "|null", "2|0|" + BYTES),
        Copying.rows(file, "SELECT id, length(v), length(b) FROM large"));
    assertEquals(Copying.rows(source, SUMS), Copying.rows(back, SUMS));
    Path other = directory.resolve("other.db");
    Copying.sqlite(other, "CREATE TABLE large (id INTEGER PRIMARY KEY, v TEXT, b BLOB)");
    SyncServer.sql(back, "TRUNCATE large");

    String said = said(TOO_LITTLE, source, other, file, back);

    assertEquals(2, said.split("too small for a row of large", -1).length - 1, said);
    assertEquals(2, said.split("Nothing was changed.", -1).length - 1, said);
    assertEquals(List.of("0"), Copying.rows(other, "SELECT count(*) FROM large"));
    assertEquals("0", SyncServer.ask(back, "SELECT count(*) FROM large"));
  }

  /** What one worker with so much heap says against some copies. */
  private String said(String heap, Object... sourcesAndTargets)
      throws IOException, InterruptedException {
    Path said = Files.createTempFile(directory, "said", ".txt");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx" + heap,
                "-cp",
                System.getProperty("java.class.path"),
                CopyInChild.class.getName()));
    Stream.of(sourcesAndTargets).map(Object::toString).forEach(command::add);
    Process copy =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(said.toFile())
            .start();
    int unused = copy.waitFor();
    return Files.readString(said);
  }
}
