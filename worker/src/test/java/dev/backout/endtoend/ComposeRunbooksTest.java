package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.plan.Json;
import dev.backout.testing.ComposeSite;
import dev.backout.testing.DockerEngine;
import dev.backout.testing.RequiresDocker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The runbooks for Docker Compose, by the commands that a person types, on a real service. */
@RequiresDocker
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ComposeRunbooksTest {
  private static final Path IMAGE = Path.of("..", "runbooks", "emergency", "compose-image.yaml");
  private static final Path EXPORTS = Path.of("..", "runbooks", "kill-switch", "exports.yaml");
  private static final String TOKEN = "tok3n-of-the-metrics";

  private Path root;
  private DockerEngine engine;
  private OwnBackout backout;
  private ComposeSite site;
  private int sites;

  @BeforeAll
  void ownBackout(DockerEngine docker, @TempDir Path directory) throws Exception {
    engine = docker;
    engine.publish("rc1");
    engine.publish("rc2");
    engine.publishBroken("bad");
    root = directory.toRealPath();
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root);
    backout.secret("METRICS_AUTHORIZATION", "Bearer " + TOKEN);
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @BeforeEach
  void layOut() throws Exception {
    sites++;
    site = ComposeSite.layOut(engine, root.resolve("site-" + sites), "rc2").up();
  }

  @AfterEach
  void closeSite() {
    site.close();
  }

  @Test
  void theImageGoesBackToTheEarlierTagAndAnUndoOfTheRunBringsTheFormerOneBack() throws Exception {
    Running command = rollBackTo("rc1");
    approve(command);
    Said said = command.said();
    assertEquals(0, said.exit(), said::toString);
    assertTrue(site.get("/healthz").contains("rc1"), site.get("/healthz"));

    Said undone = backout.run("undo", target(), "--yes", "--reason", "rc2 was not at fault");

    assertEquals(0, undone.exit(), undone::toString);
    assertAll(
        () -> assertTrue(site.get("/healthz").contains("rc2"), site.get("/healthz")),
        () -> assertTrue(site.environment().contains("IMAGE_TAG=rc2   # the release")),
        () -> assertFalse(backout.screen().contains(TOKEN), "a secret was shown"));
  }

  @Test
  void whereTheTagNeverGetsHealthyAPersonDecidesAndUndoBringsBackWhatRan() throws Exception {
    Running command = rollBackTo("bad");
    approve(command);
    Waiting failure = backout.question(command, target());
    assertEquals("up", failure.step(), failure::question);
    assertTrue(failure.question().contains("and unhealthy"), failure::question);
    assertTrue(
        failure.question().contains("ERROR the ledger's cache can't be opened"), failure::question);
    assertEquals(List.of("stop", "retry", "skip", "undo"), failure.choices());

    Said decided = backout.run("undo", target(), "up", "--reason", "worse than before");
    assertEquals(0, decided.exit(), decided::toString);
    Said said = command.said();

    assertAll(
        () -> assertEquals(5, said.exit(), said::toString),
        () -> assertTrue(said.out().contains("Undone"), said::toString),
        () -> assertTrue(site.get("/healthz").contains("rc2"), site.get("/healthz")),
        () -> assertTrue(site.environment().contains("IMAGE_TAG=rc2   # the release")));
  }

  @Test
  void aTagThatIsNotThereIsInThePlanAndTheRunTouchesNothing() throws Exception {
    String container = site.container("api");
    Said plan = backout.run(words("plan", IMAGE, "--input", "tag=rc9"));
    assertTrue(plan.all().contains("The registry has no"), plan::toString);

    Running command = rollBackTo("rc9");
    approve(command);
    Waiting failure = backout.question(command, target());
    assertEquals("image", failure.step(), failure::question);
    assertTrue(failure.question().contains("Nothing was stopped or changed"), failure::question);
    assertEquals(0, backout.run("stop", target(), "image", "--reason", "no such tag").exit());

    assertEquals(5, command.said().exit());
    assertEquals(container, site.container("api"));
    assertTrue(site.environment().contains("IMAGE_TAG=rc2"));
  }

  @Test
  void theExportsAreOffWithTheApiOnAndUndoSwitchesThemOnAgain() throws Exception {
    String jobs = site.container("jobs");
    assertTrue(site.get("/exports").startsWith("200"), site.get("/exports"));

    Said off = backout.run(words("run", EXPORTS, "--yes"));

    assertEquals(0, off.exit(), off::toString);
    assertTrue(site.get("/exports").startsWith("404"), site.get("/exports"));
    assertTrue(site.get("/healthz").startsWith("200"), site.get("/healthz"));

    Said on = backout.run("undo", target(), "--yes", "--reason", "the leak is closed");

    assertAll(
        () -> assertEquals(0, on.exit(), on::toString),
        () -> assertTrue(site.get("/exports").startsWith("200"), site.get("/exports")),
        () -> assertTrue(site.environment().contains("EXPORT_MODE=on")),
        () -> assertEquals(jobs, site.container("jobs"), "the jobs were touched"));
  }

  @Test
  void whatThePageOnARunbookOfYourOwnShowsPutsTheServiceBackAndForthAgain() throws Exception {
    HowTo page = HowTo.named("write-a-runbook-for-your-own-compose-service.md");
    Path runbook = root.resolve("reports.yaml");
    Files.writeString(runbook, page.runbook().replace("http://127.0.0.1:8000", site.baseUrl()));
    List<List<String>> commands = page.commands().stream().map(this::words).toList();
    assertEquals(7, commands.size(), commands::toString);

    assertEquals(0, backout.run(commands.get(0)).exit());
    Said plan = backout.run(commands.get(1));
    assertAll(
        () -> assertEquals(0, plan.exit(), plan::toString),
        () -> assertTrue(plan.all().contains("+IMAGE_TAG=rc1"), plan::toString),
        () -> assertFalse(plan.all().contains("PROBLEM"), plan::toString));

    List<String> run = new ArrayList<>(commands.get(2));
    run.add("--yes");
    Running command = backout.start(run.toArray(String[]::new));
    assertEquals("authorize", backout.awaitQuestion(command, "reports").orElseThrow().step());
    Said approved = backout.run(commands.get(3));
    assertEquals(0, approved.exit(), approved::toString);
    Said said = command.said();
    assertEquals(0, said.exit(), said::toString);
    assertTrue(site.get("/healthz").contains("rc1"), site.get("/healthz"));
    assertTrue(site.get("/exports").startsWith("404"), site.get("/exports"));

    assertTrue(backout.run(commands.get(4)).out().contains("INC-4711"));
    assertEquals(0, backout.run(commands.get(5)).exit());
    assertTrue(Files.exists(root.resolve("report.html")));
    List<String> undo = new ArrayList<>(commands.get(6));
    undo.add("--yes");
    Said undone = backout.run(undo);
    assertEquals(0, undone.exit(), undone::toString);
    assertTrue(site.get("/healthz").contains("rc2"), site.get("/healthz"));
    assertTrue(site.get("/exports").startsWith("200"), site.get("/exports"));
    JsonNode status = Json.MAPPER.readTree(backout.run("status", "reports", "-o", "json").out());
    List<JsonNode> recreated = status.findValues("recreated");
    assertEquals(3, recreated.size(), status::toString);
    assertEquals(
        1, recreated.stream().filter(each -> !each.isEmpty()).count(), "it started more than once");
  }

  private List<String> words(String line) {
    return HowTo.words(
        line,
        Map.of(
            "/srv/reports",
            site.home().toString(),
            "2025-12-15-rc1",
            "rc1",
            "reports.yaml",
            root.resolve("reports.yaml").toString(),
            "report.html",
            root.resolve("report.html").toString()));
  }

  private Running rollBackTo(String tag) {
    return backout.start(
        words(
                "run",
                IMAGE,
                "--yes",
                "--input",
                "tag=" + tag,
                "--input",
                "metricsAuthorization=secret:METRICS_AUTHORIZATION")
            .toArray(String[]::new));
  }

  private void approve(Running command) throws Exception {
    assertEquals("authorize", backout.question(command, target()).step());
    Said said = backout.run("approve", target(), "authorize", "--comment", "by the test");
    assertEquals(0, said.exit(), said::toString);
  }

  private List<String> words(String command, Path runbook, String... more) {
    List<String> words = new ArrayList<>(List.of(command, runbook.toString()));
    words.addAll(List.of("--input", "service=" + target()));
    words.addAll(List.of("--input", "home=" + site.home()));
    words.addAll(List.of("--input", "baseUrl=" + site.baseUrl()));
    words.addAll(List.of(more));
    return words;
  }

  private String target() {
    return "api-" + sites;
  }
}
