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
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** To another tag of the image and exactly back, on a real daemon with a real registry. */
@RequiresDocker
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SetImageTest {
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
    engine.publish("rc2");
  }

  @BeforeEach
  void layOut() throws Exception {
    site = ComposeSite.layOut(engine, directory.resolve("site-" + ++sites), "rc2").up();
  }

  @AfterEach
  void close() {
    site.close();
  }

  @AfterAll
  void forget() {
    engine.forget("rc1");
    engine.forget("rc2");
  }

  @Test
  void theTagIsSetOnceTheImageIsHereAndNoContainerIsTouched() throws Exception {
    engine.forget("rc1");
    String before = site.container("api");

    JsonNode output = setImage("rc1", "");

    assertAll(
        () -> assertEquals("rc2", output.get("formerTag").asText()),
        () -> assertEquals("[\"api\",\"jobs\"]", output.get("services").toString()),
        () -> assertEquals(1, output.get("imageIds").size()),
        () -> assertEquals(2, output.get("former").size()),
        () -> assertTrue(site.environment().contains("IMAGE_TAG=rc1   # the release")),
        () -> assertEquals(before, site.container("api")),
        () -> assertTrue(site.get("/healthz").contains("rc2")));
  }

  @Test
  void whatIsBroughtUpAfterwardsRunsTheNewImageAndPuttingBackBringsTheFormerOne() throws Exception {
    JsonNode release = setImage("rc1", "");
    JsonNode up = Catalog.run("compose.up", input(", 'services': ['api', 'jobs']"), context);

    assertEquals("[\"api\",\"jobs\"]", up.get("recreated").toString());
    assertEquals(
        release.get("imageIds").get(0), up.get("containers").get(0).get("imageId"), up::toString);
    assertTrue(site.get("/healthz").contains("rc1"));

    JsonNode back = Catalog.run("compose.putBack", putBack(release), context);
    JsonNode again = Catalog.run("compose.putBack", putBack(release), context);

    assertAll(
        () -> assertEquals("[\"api\",\"jobs\"]", back.get("recreated").toString()),
        () -> assertEquals("[]", again.get("recreated").toString()),
        () -> assertTrue(site.environment().contains("IMAGE_TAG=rc2   # the release")),
        () -> assertTrue(site.get("/healthz").contains("rc2")));
  }

  @Test
  void puttingBackIsExactAlsoAfterTheFormerTagWasPushedAnewAndWithTheRegistryDown()
      throws Exception {
    JsonNode release = setImage("rc1", "");
    Catalog.run("compose.up", input(""), context);
    engine.pushOver("rc2", "rc1");
    assertEquals(0, engine.docker("pull", "--quiet", engine.reference("rc2")).exit());
    engine.stopRegistry();
    try {
      JsonNode preview = Catalog.preview("compose.putBack", putBack(release), context);
      assertTrue(preview.get("changes").asBoolean(), preview::toString);

      Catalog.run("compose.putBack", putBack(release), context);

      assertTrue(site.get("/healthz").contains("rc2"), site.get("/healthz"));
    } finally {
      engine.startRegistry();
      engine.publish("rc2");
    }
  }

  @Test
  void aRepetitionStillKnowsWhatWasThereBeforeTheFirstAttempt() throws Exception {
    JsonNode first = setImage("rc1", "");
    Catalog.run("compose.up", input(""), context);

    JsonNode second = setImage("rc1", "");

    assertEquals("rc2", second.get("formerTag").asText());
    assertEquals(first.get("formerFile"), second.get("formerFile"));
    assertEquals(
        first.get("former").get(0).get("imageId"), second.get("former").get(0).get("imageId"));
  }

  @Test
  void aTagThatTheRegistryDoesNotHaveIsRefusedAndNothingIsTouched() throws Exception {
    String before = site.environment();
    String container = site.container("api");

    ActionException refused = assertThrows(ActionException.class, () -> setImage("rc9", ""));
    JsonNode preview = Catalog.preview("compose.setImage", input(", 'tag': 'rc9'"), context);

    assertAll(
        () -> assertEquals(Kind.PERMANENT, refused.kind()),
        () ->
            assertTrue(
                refused
                    .getMessage()
                    .startsWith(
                        "The registry has no "
                            + engine.reference("rc9")
                            + ". Nothing was stopped or changed"),
                refused::getMessage),
        () -> assertEquals(before, site.environment()),
        () -> assertEquals(container, site.container("api")),
        () -> assertTrue(preview.toString().contains("\"problem\""), preview::toString),
        () -> assertTrue(preview.toString().contains("The registry has no"), preview::toString));
  }

  @Test
  void aRegistryThatIsDownChangesNothingAndTheImageOfThisMachineCanBeTakenInstead()
      throws Exception {
    engine.stopRegistry();
    try {
      ActionException down = assertThrows(ActionException.class, () -> setImage("rc1", ""));
      assertEquals(Kind.TRANSIENT, down.kind());
      assertTrue(down.getMessage().contains("say `pull: false`"), down::getMessage);
      assertTrue(site.environment().contains("IMAGE_TAG=rc2"));

      setImage("rc1", ", 'pull': false");
      assertTrue(site.environment().contains("IMAGE_TAG=rc1"));

      ActionException missing =
          assertThrows(ActionException.class, () -> setImage("rc9", ", 'pull': false"));
      assertEquals(Kind.PERMANENT, missing.kind());
      assertTrue(missing.getMessage().startsWith("This machine has no "), missing::getMessage);
    } finally {
      engine.startRegistry();
    }
  }

  @Test
  void thePreviewSaysWhichContainersWouldBeMadeAnewFromWhatToWhat() throws Exception {
    String from = contentOf("rc2");
    String to = contentOf("rc1");
    engine.forget("rc1");
    String before = site.environment();

    JsonNode preview = Catalog.preview("compose.setImage", input(", 'tag': 'rc1'"), context);

    assertNotEquals(from, to);
    assertAll(
        () ->
            assertTrue(
                preview
                    .toString()
                    .contains(
                        "\\tapi:rc2 "
                            + from.substring(0, 19)
                            + "\\tapi:rc1 "
                            + to.substring(0, 19)
                            + "\\tis made anew: another image"),
                preview::toString),
        () -> assertTrue(preview.toString().contains("+IMAGE_TAG=rc1"), preview::toString),
        () -> assertFalse(preview.toString().contains("tok3n"), preview::toString),
        () -> assertEquals(before, site.environment()),
        () -> assertEquals("", contentOf("rc1"), "the preview has fetched it"));
    assertEquals(0, engine.docker("pull", "--quiet", engine.reference("rc1")).exit());
  }

  @Test
  void aVariableThatNoImageDependsOnIsNamed() {
    ActionException failed =
        assertThrows(ActionException.class, () -> setImage("rc1", ", 'variable': 'EXPORT_MODE'"));

    assertEquals(Kind.INVALID_INPUT, failed.kind());
    assertTrue(
        failed
            .getMessage()
            .startsWith("No service's image depends on EXPORT_MODE. The images are api: "),
        failed::getMessage);
  }

  private String contentOf(String tag) {
    DockerEngine.Said said =
        engine.docker("image", "inspect", "--format", "{{.Id}}", engine.reference(tag));
    return said.exit() == 0 ? said.text().strip() : "";
  }

  private JsonNode setImage(String tag, String more) throws Exception {
    return Catalog.run("compose.setImage", input(", 'tag': '" + tag + "'" + more), context);
  }

  private String putBack(JsonNode release) {
    return input(
        ", 'variables': ['IMAGE_TAG'], 'former': "
            + release.get("formerFile")
            + ", 'images': "
            + release.get("former"));
  }

  private String input(String more) {
    return "{'project': '" + site.home() + "'" + more + "}";
  }
}
