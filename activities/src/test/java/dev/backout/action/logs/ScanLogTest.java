package dev.backout.action.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Preview;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ScanLogTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir private Path directory;
  private final PlainContext context = new PlainContext();
  private Path log;

  @BeforeEach
  void layOut() {
    log = directory.resolve("app.log");
  }

  @Test
  void linesThatMatchAreCountedAndTheFirstAreShown() throws Exception {
    Files.writeString(log, "INFO a\nERROR one\r\nINFO b\nERROR two\nERROR three");

    ScanLog.Output output = scan(new Inputs().max(3).samples(2));

    assertEquals(3, output.matches());
    assertEquals(List.of("ERROR one", "ERROR two"), output.samples());
    assertEquals(5, output.linesScanned());
    assertEquals(List.of(log), output.files());
  }

  @Test
  void moreThanAllowedFailShowingTheFirst() throws Exception {
    Files.writeString(log, "INFO a\nERROR one\nERROR two\n");

    ActionException failure = assertThrows(ActionException.class, () -> scan(new Inputs().max(1)));

    assertEquals(Kind.PERMANENT, failure.kind());
    assertTrue(failure.getMessage().startsWith("2 lines of " + log), failure.getMessage());
    assertTrue(failure.getMessage().contains("\n  ERROR one\n  ERROR two"), failure.getMessage());
  }

  @Test
  void linesThatAreToBeIgnoredDoNotCount() throws Exception {
    Files.writeString(log, "ERROR known: 17\nERROR new\n");

    assertEquals(1, scan(new Inputs().max(1).ignore("known: [0-9]+")).matches());
  }

  @Test
  void whatRotationLeftIsReadOldestFirst() throws Exception {
    compressed(directory.resolve("app.log.2.gz"), "ERROR oldest\n", 3);
    dated(directory.resolve("app.log-20260301"), "ERROR older\n", 2);
    dated(directory.resolve("app.log.1"), "ERROR old\n", 1);
    dated(log, "ERROR new\n", 0);
    dated(directory.resolve("app.log.bak.txt"), "ERROR not a log\n", 0);
    dated(directory.resolve("other.log"), "ERROR not this log\n", 0);

    assertEquals(
        List.of("ERROR oldest", "ERROR older", "ERROR old", "ERROR new"),
        scan(new Inputs().max(9)).samples());
    assertEquals(List.of("ERROR new"), scan(new Inputs().max(9).notRotated()).samples());
  }

  @Test
  void aGigabyteIsReadInTheMemoryThatAFewMegabytesNeed() throws Exception {
    byte[] part = compressed("INFO a line of no interest\n".repeat(600_000) + "ERROR one\n");
    try (OutputStream out = Files.newOutputStream(directory.resolve("app.log.1.gz"))) {
      for (int i = 0; i < 64; i++) {
        out.write(part);
      }
    }
    Files.writeString(log, "ERROR new\n");

    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-cp",
                System.getProperty("java.class.path"),
                ScanInChild.class.getName(),
                log.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertTrue(said.contains("38400065 65"), said);
  }

  /** A member of a gzip file, which may have several. */
  private static byte[] compressed(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Test
  void aNameMayBeAPattern() throws Exception {
    dated(log, "ERROR a\n", 1);
    dated(directory.resolve("other.log"), "ERROR b\n", 0);
    log = directory.resolve("*.log");

    assertEquals(List.of("ERROR a", "ERROR b"), scan(new Inputs().max(9)).samples());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-03-01T11:59:59Z ERROR before\n2026-03-01T12:00:00Z ERROR after\n",
        "2026-03-01 11:59:59,999 ERROR before\n2026-03-01 12:00:00,000 ERROR after\n",
        "[2026-03-01T12:59:59.5+01:00] ERROR before\n[2026-03-01T13:00:00.5+01:00] ERROR after\n",
        "{\"time\":\"2026-03-01T06:59:59-0500\",\"ERROR before\"}\n"
            + "{\"time\":\"2026-03-01T07:00:00-0500\",\"ERROR after\"}\n",
        "2026/03/01 11:59:59 ERROR before\n2026/03/01 12:00:01 ERROR after\n",
        "2026-03-01T11:59:59Z ERROR before\n  ERROR in its trace\n2026-03-01T12:00:01Z ERROR after\n"
      })
  void onlyLinesFromAnInstantOnCount(String text) throws Exception {
    Files.writeString(log, text);

    ScanLog.Output output = scan(new Inputs().max(9).since(NOON));

    assertEquals(1, output.matches(), output.samples().toString());
    assertTrue(output.samples().get(0).contains("after"));
    assertEquals(0, output.undated());
  }

  @Test
  void aTraceBelongsToTheLineBeforeIt() throws Exception {
    Files.writeString(log, "2026-03-01T12:00:01Z failed\n  caused by ERROR deep\n");

    assertEquals(1, scan(new Inputs().max(9).since(NOON)).matches());
  }

  @Test
  void linesThatCannotBePlacedCountSoThatNothingIsOverlooked() throws Exception {
    Files.writeString(log, "ERROR when?\n2026-03-01T11:00:00Z ERROR before\n");

    ScanLog.Output output = scan(new Inputs().max(9).since(NOON));

    assertEquals(List.of("ERROR when?"), output.samples());
    assertEquals(1, output.undated());
  }

  @Test
  void aFileThatWasLastWrittenBeforeIsNotRead() throws Exception {
    dated(directory.resolve("app.log.1"), "ERROR without a time\n", 5);
    Files.writeString(log, "INFO\n");

    ScanLog.Output output = scan(new Inputs().last(Duration.ofHours(1)));

    assertEquals(List.of(log), output.files());
    assertEquals(0, output.matches());
  }

  @Test
  void onlyTheLastLinesCountOverRotatedFilesToo() throws Exception {
    compressed(directory.resolve("app.log.2.gz"), "ERROR 1\nERROR 2\nERROR 3\n", 2);
    dated(directory.resolve("app.log.1"), "ERROR 4\nERROR 5\n", 1);
    dated(log, "ERROR 6\nERROR 7\nERROR 8", 0);

    assertEquals(List.of("ERROR 8"), scan(new Inputs().max(9).lines(1)).samples());
    assertEquals(
        List.of("ERROR 6", "ERROR 7", "ERROR 8"), scan(new Inputs().max(9).lines(3)).samples());
    assertEquals(
        List.of("ERROR 5", "ERROR 6", "ERROR 7", "ERROR 8"),
        scan(new Inputs().max(9).lines(4)).samples());
    assertEquals(6, scan(new Inputs().max(9).lines(6)).linesScanned());
    assertEquals("ERROR 3", scan(new Inputs().max(9).lines(6)).samples().get(0));
    assertEquals(8, scan(new Inputs().max(9).lines(100)).linesScanned());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 1000, 8191, 8192, 65535, 65536, 65537})
  void theLastLinesAreFoundWhereverTheyBeginInAFile(int width) throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      text.append("ERROR ").append(i).append(' ').append("x".repeat(width)).append('\n');
    }
    Files.writeString(log, text);

    ScanLog.Output output = scan(new Inputs().max(20).lines(7).samples(1));

    assertEquals(7, output.linesScanned());
    assertTrue(output.samples().get(0).startsWith("ERROR 13 "));
  }

  @Test
  void theEndOfAHugeFileIsReadWithoutTheRest() throws Exception {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "rw")) {
      file.setLength(20L << 30); // a hole: it takes no space, and would take minutes to read
      file.seek(20L << 30);
      file.write("\nINFO\nERROR last\n".getBytes(StandardCharsets.UTF_8));
    }

    ScanLog.Output output =
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> scan(new Inputs().max(1).lines(2)));

    assertEquals(List.of("ERROR last"), output.samples());
  }

  @Test
  void aLineWithoutAnEndIsReadInBoundedMemory() throws Exception {
    try (OutputStream out = Files.newOutputStream(log)) {
      byte[] block = "ERROR ".repeat(10_000).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < 1000; i++) {
        out.write(block);
      }
    }

    ScanLog.Output output = scan(new Inputs().max(1));

    assertEquals(1, output.matches());
    assertEquals(301, output.samples().get(0).length());
  }

  @Test
  void aPatternThatWouldRunAwayElsewhereDoesNotHere() throws Exception {
    Files.writeString(log, "a".repeat(5000) + "!\n");

    ScanLog.Output output =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20), () -> scan(new Inputs().pattern("^(a+)+$")));

    assertEquals(0, output.matches());
  }

  @Test
  void secretsInLinesAreMasked() throws Exception {
    context.secret("TOKEN", "t0p-s3cret");
    Files.writeString(log, "ERROR token t0p-s3cret refused\n");

    assertEquals(List.of("ERROR token *** refused"), scan(new Inputs().max(1)).samples());
    String message = assertThrows(ActionException.class, () -> scan(new Inputs())).getMessage();
    assertFalse(message.contains("t0p"), message);
  }

  @Test
  void bytesThatAreNoTextAreNoObstacle() throws Exception {
    Files.write(log, new byte[] {(byte) 0xff, (byte) 0xfe, '\n', 'E', 'R', 'R', 'O', 'R', 0, '\n'});

    assertEquals(1, scan(new Inputs().max(1)).matches());
  }

  @Test
  void aLogThatIsMissingProvesNothing() {
    ActionException failure = assertThrows(ActionException.class, () -> scan(new Inputs()));

    assertTrue(failure.getMessage().contains("There is no log"), failure.getMessage());
  }

  @Test
  void aDamagedArchiveProvesNothing() throws Exception {
    Files.writeString(log, "INFO\n");
    Path archive = directory.resolve("app.log.1.gz");
    compressed(archive, "ERROR ".repeat(1000), 1);
    byte[] whole = Files.readAllBytes(archive);
    Files.write(archive, java.util.Arrays.copyOf(whole, whole.length - 9));

    ActionException failure = assertThrows(ActionException.class, () -> scan(new Inputs()));

    assertTrue(failure.getMessage().contains("damaged gzip"), failure.getMessage());
  }

  @Test
  void aPatternThatIsNoneIsRefused() throws Exception {
    Files.writeString(log, "INFO\n");

    assertEquals(
        Kind.INVALID_INPUT,
        assertThrows(ActionException.class, () -> scan(new Inputs().pattern("(?=x)"))).kind());
  }

  @Test
  void anEmptyLogIsFine() throws Exception {
    Files.createFile(log);

    assertEquals(0, scan(new Inputs()).linesScanned());
    assertEquals(0, scan(new Inputs().lines(10)).linesScanned());
  }

  @Test
  void previewShowsWhatWouldFail() throws Exception {
    Files.writeString(log, "ERROR one\n");

    Preview preview = new ScanLog().preview(new Inputs().build(), context);

    assertEquals(Preview.Kind.PROBLEM, preview.details().get(0).kind());
  }

  @Test
  void cancellingEndsTheScan() throws Exception {
    Files.writeString(log, "INFO\n");
    context.cancel();

    assertThrows(CancelledException.class, () -> scan(new Inputs()));
  }

  @Test
  void byNameItNeedsAFileAndAPatternAndAllowsNoMatch() throws Exception {
    Files.writeString(log, "INFO\n");
    String input = "{'file': '" + log + "', 'pattern': 'ERROR', 'last': '1h'}";

    assertEquals(0, Catalog.run("logs.scan", input, context).get("matches").asLong());

    Files.writeString(log, "ERROR\n");
    assertThrows(ActionException.class, () -> Catalog.run("logs.scan", input, context));
  }

  private ScanLog.Output scan(Inputs inputs) throws Exception {
    return new ScanLog().run(inputs.build(), context);
  }

  private static void dated(Path file, String text, int hoursAgo) throws IOException {
    Files.writeString(file, text);
    age(file, hoursAgo);
  }

  private static void compressed(Path file, String text, int hoursAgo) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    age(file, hoursAgo);
  }

  private static void age(Path file, int hoursAgo) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(hoursAgo))));
  }

  /** An input with the defaults of the catalog; times without a zone are UTC. */
  private final class Inputs {
    private String pattern = "ERROR";
    private @Nullable String ignore;
    private @Nullable Instant since;
    private @Nullable Duration last;
    private @Nullable Long lines;
    private long maxMatches;
    private boolean rotated = true;
    private int samples = 5;

    Inputs pattern(String pattern) {
      this.pattern = pattern;
      return this;
    }

    Inputs ignore(String ignore) {
      this.ignore = ignore;
      return this;
    }

    Inputs since(Instant since) {
      this.since = since;
      return this;
    }

    Inputs last(Duration last) {
      this.last = last;
      return this;
    }

    Inputs lines(long lines) {
      this.lines = lines;
      return this;
    }

    Inputs max(long maxMatches) {
      this.maxMatches = maxMatches;
      return this;
    }

    Inputs notRotated() {
      rotated = false;
      return this;
    }

    Inputs samples(int samples) {
      this.samples = samples;
      return this;
    }

    ScanLog.Input build() {
      return new ScanLog.Input(
          log, pattern, ignore, since, last, lines, maxMatches, rotated, "UTC", samples);
    }
  }
}
