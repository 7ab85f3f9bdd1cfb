package dev.backout.action.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.LedgerDatabase;
import dev.backout.testing.PlainContext;
import dev.backout.testing.PostgresServer;
import dev.backout.testing.RequiresPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real dumps of a real server by its own programs. */
@RequiresPostgres
final class DumpDatabaseTest {
  private static PostgresServer server;
  private static String ledger;
  @TempDir private Path backups;
  private PlainContext context;

  @BeforeAll
  static void layOut(PostgresServer shared) {
    server = shared;
    ledger = LedgerDatabase.in(server, 500);
  }

  @BeforeEach
  void freshContext() {
    context = contextOf(server.url(ledger));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "'format': 'directory', 'jobs': 2", "'verify': 'restore'"})
  void aDumpIsReadBackAndHasAManifestOfWhatIsInIt(String more) throws Exception {
    JsonNode dump = dump(more);

    Path path = Path.of(dump.path("path").asText());
    assertTrue(Files.exists(path), dump::toString);
    assertTrue(path.getFileName().toString().matches(ledger + "-\\d{8}T\\d{9}Z\\.dump"));
    assertEquals(450, dump.path("tables").path("public.ledger_entries").asInt(), dump::toString);
    assertEquals(500 + 450 + 450, dump.path("rows").asInt());
    JsonNode manifest =
        new ObjectMapper().readTree(Path.of(dump.path("manifest").asText()).toFile());
    assertEquals(dump.path("sha256"), manifest.path("sha256"));
    assertEquals(dump.path("tables").toString(), manifest.path("rows").toString());
    assertEquals(dump.path("takenAt"), manifest.path("takenAt"));
    assertEquals(2, names().size(), names()::toString);
    assertFalse(server.databases().toString().contains("backout_restore"), "a scratch is left");
  }

  @Test
  void whatIsWrittenMeanwhileIsNeitherDumpedNorCounted() throws Exception {
    String busy = LedgerDatabase.in(server, 10);
    context =
        contextOf(server.url(busy))
            .atHeartbeat(
                () -> server.sql(busy, "INSERT INTO manual_interventions (what) VALUES ('x')"));

    JsonNode dump = dump("'verify': 'restore'");

    assertEquals(0, dump.path("tables").path("public.manual_interventions").asInt(-1));
    assertTrue(
        Integer.parseInt(
                server.value(busy, "SELECT count(*) FROM manual_interventions").orElseThrow())
            > 0);
  }

  @Test
  void aWrongPasswordIsSaidAndNotShownAndNothingIsLeft() {
    context = contextOf(server.url(ledger).replace(PostgresServer.PASSWORD, "not-the-passw0rd"));

    ActionException failed = assertThrows(ActionException.class, () -> dump(""));

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(failed.getMessage().contains("28P01"), failed::getMessage);
    assertFalse(failed.getMessage().contains("not-the-passw0rd"), failed::getMessage);
    assertEquals(List.of(), names());
  }

  @Test
  void aTableThatSomebodyHoldsIsNotWaitedForForEver() throws Exception {
    try (Connection other = server.connect(ledger)) {
      other.setAutoCommit(false);
      other.createStatement().execute("LOCK TABLE invoices IN ACCESS EXCLUSIVE MODE");

      ActionException failed =
          assertThrows(ActionException.class, () -> dump("'lockTimeout': '100ms', 'count': false"));

      assertTrue(failed.getMessage().contains("LOCK TABLE public.invoices"), failed::getMessage);
      assertEquals(List.of(), names());
    }
  }

  @Test
  void aNewerServerIsRefusedBeforeAnythingIsWritten() throws Exception {
    try (ServerSocket front = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread proxy = new Thread(() -> pretendToBeNewer(front), "newer server");
      proxy.setDaemon(true);
      proxy.start();
      context =
          contextOf(server.url(ledger).replace(":" + server.port(), ":" + front.getLocalPort()));

      ActionException failed = assertThrows(ActionException.class, () -> dump(""));

      assertTrue(failed.getMessage().contains("the server is newer: 99."), failed::getMessage);
      assertEquals(List.of(), names());
    }
  }

  /** A real server that says that it is of another version. */
  private static void pretendToBeNewer(ServerSocket front) {
    try (Socket client = front.accept();
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      Thread questions =
          new Thread(
              () -> {
                try {
                  client.getInputStream().transferTo(behind.getOutputStream());
                } catch (IOException e) {
                  // the client has gone
                }
              },
              "questions");
      questions.setDaemon(true);
      questions.start();
      byte[] some = new byte[65_536];
      for (int count = behind.getInputStream().read(some);
          count >= 0;
          count = behind.getInputStream().read(some)) {
        String said = new String(some, 0, count, StandardCharsets.ISO_8859_1);
        client
            .getOutputStream()
            .write(said.replaceAll("\\b15(\\.\\d+)", "99$1").getBytes(StandardCharsets.ISO_8859_1));
      }
    } catch (IOException e) {
      // the client has gone
    }
  }

  @Test
  void aServerThatGoesInTheMiddleLeavesNothingBehind() {
    try (PostgresServer other = PostgresServer.start()) {
      context = contextOf(other.url(LedgerDatabase.in(other, 10))).atHeartbeat(other::kill);

      ActionException failed = assertThrows(ActionException.class, () -> dump(""));

      assertEquals(Kind.TRANSIENT, failed.kind(), failed::getMessage);
      assertEquals(List.of(), names());
    }
  }

  @Test
  void aPreviewSaysWhatThereIsAndWritesNothing() throws Exception {
    JsonNode preview = Catalog.preview("postgres.dump", input(""), context);

    assertTrue(
        preview.path("summary").asText().startsWith("Would dump " + ledger), preview::toString);
    assertEquals(List.of(), names());
  }

  @Test
  void theNewestWholeDumpIsFoundAndTheDamagedOnesAreNamed() throws Exception {
    Path good = Path.of(dump("'name': 'first'").path("path").asText());
    Path flipped = Path.of(dump("'name': 'second'").path("path").asText());
    byte[] bytes = Files.readAllBytes(flipped);
    bytes[bytes.length / 2] ^= 0x10;
    Files.write(flipped, bytes);
    Path truncated = backups.resolve("third.dump");
    byte[] whole = Files.readAllBytes(good);
    Files.write(truncated, java.util.Arrays.copyOf(whole, whole.length - 4000));
    Files.setLastModifiedTime(truncated, FileTime.from(Instant.now().plusSeconds(60)));
    Files.writeString(backups.resolve("fourth.dump"), "no dump at all");

    JsonNode found = find("");

    assertEquals(good.toString(), found.path("path").asText(), found::toString);
    assertEquals(3, found.path("newerRejected").asInt());
    String why = found.path("rejected").toString();
    assertTrue(why.contains("its SHA-256 is"), why);
    assertTrue(why.contains("could not read from input file: end of file"), why);
    assertTrue(why.contains("input file does not appear to be a valid archive"), why);
    assertEquals(450, found.path("tables").path("public.ledger_entries").asInt());
  }

  @Test
  void whereThereIsNoDumpAtAllAnEmergencyOneIsTakenOfTheLiveServerAndFound() throws Exception {
    ActionException none = assertThrows(ActionException.class, () -> find(""));
    assertTrue(none.getMessage().contains("There is no dump in " + backups), none::getMessage);
    assertTrue(none.getMessage().contains("while the server answers, take one with postgres.dump"));

    String taken = dump("'name': 'emergency', 'verify': 'restore'").path("path").asText();

    assertTrue(Path.of(taken).getFileName().toString().startsWith("emergency-"), taken);
    assertEquals(taken, find("").path("path").asText());
  }

  @Test
  void aDumpOfANewerProgramIsPassedOverWithTheReason() throws Exception {
    Path newer = Path.of(dump("").path("path").asText());
    Files.delete(newer.resolveSibling(newer.getFileName() + ".manifest.json"));
    byte[] bytes = Files.readAllBytes(newer);
    bytes[6] = 99;
    Files.write(newer, bytes);

    ActionException failed = assertThrows(ActionException.class, () -> find(""));

    assertTrue(failed.getMessage().contains("written by a newer pg_dump"), failed::getMessage);
  }

  @Test
  void aDumpThatIsTooOldOrLacksATableOrAManifestIsNotTaken() throws Exception {
    Path dump = Path.of(dump("").path("path").asText());
    assertTrue(
        assertThrows(ActionException.class, () -> find("'expectedTables': ['journals']"))
            .getMessage()
            .contains("it has no table journals"));
    Path manifest = dump.resolveSibling(dump.getFileName() + ".manifest.json");
    Files.delete(manifest);
    Files.setLastModifiedTime(dump, FileTime.from(Instant.now().minus(Duration.ofDays(2))));

    assertEquals(dump.toString(), find("'database': '" + ledger + "'").path("path").asText());
    assertTrue(
        assertThrows(ActionException.class, () -> find("'maxAge': '24h'"))
            .getMessage()
            .contains("too old"));
    assertTrue(
        assertThrows(ActionException.class, () -> find("'withoutManifest': false"))
            .getMessage()
            .contains("it has no manifest"));
  }

  private JsonNode find(String more) throws Exception {
    return Catalog.run(
        "postgres.findBackup",
        "{'directory': '" + backups + "'" + (more.isEmpty() ? "" : ", " + more) + "}",
        context);
  }

  private JsonNode dump(String more) throws ActionException, IOException {
    return Catalog.run("postgres.dump", input(more), context);
  }

  private String input(String more) {
    return "{'url': 'secret:DATABASE_URL', 'directory': '"
        + backups
        + "'"
        + (more.isEmpty() ? "" : ", " + more)
        + "}";
  }

  private static PlainContext contextOf(String url) {
    return new PlainContext().secret("DATABASE_URL", url);
  }

  private List<String> names() {
    try (Stream<Path> files = Files.list(backups)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
