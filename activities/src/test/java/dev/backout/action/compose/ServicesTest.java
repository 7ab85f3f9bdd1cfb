package dev.backout.action.compose;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.ComposeSite;
import dev.backout.testing.DockerEngine;
import dev.backout.testing.PlainContext;
import dev.backout.testing.RequiresDocker;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A real project's services are looked at, stopped, brought up, and their logs read. */
@RequiresDocker
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ServicesTest {
  private static final String STUBBORN =
      """
        stubborn:
          image: ${REGISTRY}/api:${IMAGE_TAG:?}
          command: [sh, -c, "trap '' TERM; while :; do sleep 1; done"]
      """;

  private final PlainContext context = new PlainContext();
  private DockerEngine engine;
  private Path directory;
  private ComposeSite site;
  private int sites;

  @BeforeAll
  void publish(DockerEngine docker, @TempDir Path root) {
    engine = docker;
    directory = root;
    engine.publish("rc1");
    engine.publishBroken("bad");
  }

  @BeforeEach
  void layOut() throws Exception {
    site = ComposeSite.layOut(engine, directory.resolve("services-" + ++sites), "rc1");
  }

  @AfterEach
  void close() {
    site.close();
  }

  @Test
  void psSaysWhichImageRunsAndWhetherAllAreWell() throws Exception {
    assertFalse(run("compose.ps", "").get("well").asBoolean());
    site.up();

    JsonNode output = run("compose.ps", "");

    JsonNode api = output.get("containers").get(0);
    assertAll(
        () -> assertTrue(output.get("well").asBoolean(), output::toString),
        () -> assertEquals(engine.reference("rc1"), api.get("image").asText()),
        () -> assertTrue(api.get("imageId").asText().matches("sha256:[0-9a-f]{64}")),
        () -> assertTrue(api.get("digest").asText().matches("sha256:[0-9a-f]{64}")),
        () -> assertEquals("healthy", api.get("health").asText()),
        () -> assertFalse(output.get("containers").get(1).has("health")));
    site.compose("stop", "jobs");
    JsonNode stopped = run("compose.ps", "");
    assertFalse(stopped.get("well").asBoolean());
    assertEquals("exited", stopped.get("containers").get(1).get("state").asText());
    assertTrue(run("compose.ps", ", 'services': ['api']").get("well").asBoolean());
  }

  @Test
  void aServiceThatIsNotThereIsNamedWithThoseThatAre() {
    ActionException failed =
        assertThrows(ActionException.class, () -> run("compose.ps", ", 'services': ['web']"));
    assertTrue(failed.getMessage().contains("there are api, jobs"), failed::getMessage);
  }

  @Test
  void stopEndsTheServicesThatAreNamedAndSaysHow() throws Exception {
    site.up();

    JsonNode preview = Catalog.preview("compose.stop", input(", 'services': ['api']"), context);
    assertEquals("Would stop 1 containers of api", preview.get("summary").asText());
    JsonNode output = run("compose.stop", ", 'services': ['api']");
    JsonNode again = run("compose.stop", ", 'services': ['api']");

    assertAll(
        () -> assertEquals("api", output.get("stopped").get(0).get("service").asText()),
        () -> assertFalse(output.get("stopped").get(0).get("killed").asBoolean()),
        () -> assertEquals(0, again.get("stopped").size()),
        () -> assertTrue(site.get("/healthz").startsWith("no answer")),
        () -> assertTrue(run("compose.ps", ", 'services': ['jobs']").get("well").asBoolean()));
  }

  @Test
  void aContainerThatTakesNoNoticeOfTermIsKilledAndTheResultSaysSo() throws Exception {
    Files.writeString(site.home().resolve("compose.yaml"), STUBBORN, StandardOpenOption.APPEND);
    site.up();

    JsonNode output = run("compose.stop", ", 'services': ['stubborn'], 'grace': '1s'");

    assertTrue(output.get("stopped").get(0).get("killed").asBoolean(), output::toString);
  }

  @Test
  void upMakesAnewOnlyWhatIsNoLongerAsTheFilesWantIt() throws Exception {
    JsonNode first = run("compose.up", "");
    String jobs = site.container("jobs");
    String api = site.container("api");
    edit("EXPORT_MODE=on", "EXPORT_MODE=off");

    JsonNode preview = Catalog.preview("compose.up", input(""), context);
    JsonNode second = run("compose.up", "");

    assertAll(
        () -> assertEquals("[\"api\",\"jobs\"]", first.get("recreated").toString()),
        () -> assertEquals("Would bring up api", preview.get("summary").asText()),
        () ->
            assertTrue(
                preview.toString().contains("is made anew: other settings"), preview::toString),
        () -> assertEquals("[\"api\"]", second.get("recreated").toString()),
        () -> assertNotEquals(api, site.container("api")),
        () -> assertEquals(jobs, site.container("jobs")),
        () -> assertTrue(site.get("/exports").startsWith("404")));
  }

  @Test
  void aServiceThatNeverGetsHealthyIsAFailureWithItsLastWords() throws Exception {
    site.up();
    edit("IMAGE_TAG=rc1", "IMAGE_TAG=bad");

    ActionException failed =
        assertThrows(ActionException.class, () -> run("compose.up", ", 'within': '30s'"));

    assertAll(
        () -> assertEquals(Kind.PERMANENT, failed.kind()),
        () -> assertTrue(failed.getMessage().contains("and unhealthy"), failed::getMessage),
        () ->
            assertTrue(
                failed.getMessage().contains("The former containers of api, jobs are gone."),
                failed::getMessage),
        () ->
            assertTrue(
                failed.getMessage().contains("ERROR the ledger's cache can't be opened"),
                failed::getMessage),
        () ->
            assertTrue(
                failed
                    .getMessage()
                    .matches("(?s).*\nCompose says: .*: container \\S+ is unhealthy"),
                failed::getMessage));
  }

  @Test
  void aPortThatIsHeldIsTheDaemonsOwnWords() throws Exception {
    try (ServerSocket holder = new ServerSocket(site.port(), 1, InetAddress.getLoopbackAddress())) {
      ActionException failed = assertThrows(ActionException.class, () -> run("compose.up", ""));

      assertEquals(Kind.PERMANENT, failed.kind());
      assertTrue(failed.getMessage().contains("address already in use"), failed::getMessage);
      assertTrue(failed.getMessage().contains("api-1 is created"), failed::getMessage);
      assertFalse(holder.isClosed());
    }
    run("compose.up", "");
    assertTrue(site.get("/healthz").startsWith("200"));
  }

  @Test
  void aDaemonThatIsDownIsSaidToBe() throws Exception {
    site.up();
    engine.stopDaemon();
    try {
      for (String action : new String[] {"compose.ps", "compose.stop", "compose.up"}) {
        ActionException failed = assertThrows(ActionException.class, () -> run(action, ""));
        assertEquals(Kind.TRANSIENT, failed.kind(), failed::getMessage);
        assertTrue(
            failed.getMessage().startsWith("The Docker daemon can't be reached"),
            failed::getMessage);
      }
    } finally {
      engine.restartDaemon();
    }
  }

  @Test
  void aVariableThatIsMissingFailsWithComposesWordsAndNothingIsStopped() throws Exception {
    site.up();
    edit("IMAGE_TAG=rc1", "OTHER=rc1");

    ActionException failed = assertThrows(ActionException.class, () -> run("compose.stop", ""));

    assertTrue(failed.getMessage().contains("IMAGE_TAG"), failed::getMessage);
    assertTrue(site.get("/healthz").startsWith("200"));
  }

  @Test
  void logsCountsTheLinesThatMatchAndShowsTheFirst() throws Exception {
    edit("IMAGE_TAG=rc1", "IMAGE_TAG=bad");
    site.compose("up", "--detach");
    while (!site.get("/healthz").startsWith("500")) {
      Thread.sleep(50);
    }

    ActionException failed =
        assertThrows(
            ActionException.class,
            () -> run("compose.logs", ", 'services': ['api'], 'pattern': 'ERROR', 'last': '10m'"));
    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(
        failed.getMessage().contains("ERROR the ledger's cache can't be opened"),
        failed::getMessage);

    JsonNode known = run("compose.logs", ", 'pattern': 'ERROR', 'ignore': 'cache', 'last': '10m'");
    assertEquals(0, known.get("matches").asLong());
    assertTrue(known.get("linesScanned").asLong() > 1);
  }

  @Test
  void logsAreLookedAtToTheirEndHoweverMuchThereIs() throws Exception {
    site.up();
    DockerEngine.Said said =
        site.compose(
            "exec",
            "-T",
            "api",
            "sh",
            "-c",
            "yes 'INFO a line of no interest' | head -n 650000 > /proc/1/fd/1; echo ERROR the last > /proc/1/fd/1");
    assertEquals(0, said.exit(), said::text);

    JsonNode output =
        run("compose.logs", ", 'pattern': 'ERROR', 'maxMatches': 1, 'services': ['api']");

    assertEquals(1, output.get("matches").asLong(), output::toString);
    assertTrue(output.get("linesScanned").asLong() > 600_000);
    assertTrue(Files.size(Path.of(output.get("log").asText())) < (16 << 20) + 100);
  }

  private void edit(String from, String to) throws Exception {
    Files.writeString(site.home().resolve(".env"), site.environment().replace(from, to));
  }

  private JsonNode run(String action, String more) throws Exception {
    return Catalog.run(action, input(more), context);
  }

  private String input(String more) {
    return "{'project': '" + site.home() + "'" + more + "}";
  }
}
