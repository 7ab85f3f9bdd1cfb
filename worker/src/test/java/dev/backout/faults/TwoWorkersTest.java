package dev.backout.faults;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.backout.action.ActionRegistry;
import dev.backout.faults.Person.Said;
import dev.backout.plan.Json;
import dev.backout.testing.Backoff;
import dev.backout.testing.RequiresProgram;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two workers on one task queue, which know nothing of each other and are not alike: each act is
 * done once, and where one of them can't or may not go on, that is said.
 */
@RequiresProgram("temporal")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoWorkersTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final int BRANCHES = 4;
  private static final int LENGTH = 5;

  private static final String HEAD =
      """
      apiVersion: backout/v1
      kind: planned
      name: side-by-side
      summary: Leave a line for each act.
      target: TARGET
      steps:
        - id: ready
          checkpoint: { question: Ready?, approvers: [group:oncall] }
      """;

  private static final String ACT =
      """
        - { id: act, uses: command.run, with: { command: [sh, "DIR/act.sh", act] } }
      """;

  /** Leaves its line first, then stays for as long as somebody wants it to. */
  private static final String PROGRAM =
      """
      cd "$(dirname "$0")"
      echo "$1" >> effects
      sleep 0.2
      while [ -e "hold-$1" ]; do sleep 0.1; done
      """;

  private Path root;
  private TemporalServer server;
  private String target;
  private Path directory;
  private OwnWorker one;
  private OwnWorker other;
  private Person person;

  @BeforeAll
  void start(@TempDir Path temporary) throws Exception {
    root = temporary.toRealPath();
    server = TemporalServer.start(root.resolve("temporal"));
  }

  @AfterAll
  void end() {
    server.close();
  }

  @BeforeEach
  void layOut(TestInfo test) throws Exception {
    target = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT);
    directory = Files.createDirectories(root.resolve(target));
    Files.writeString(directory.resolve("act.sh"), PROGRAM);
    one = OwnWorker.layOut(directory.resolve("one"), server, target, directory);
    other = OwnWorker.layOut(directory.resolve("other"), server, target, directory);
    person = one.person();
  }

  @AfterEach
  void close() throws Exception {
    one.close();
    other.close();
  }

  @Test
  void bothWorkAndEachActIsDoneOnce() throws Exception {
    one.start();
    other.start();
    StringBuilder steps = new StringBuilder("  - id: all\n    parallel:\n");
    for (int branch = 0; branch < BRANCHES; branch++) {
      steps.append("      b").append(branch).append(":\n");
      for (int i = 0; i < LENGTH; i++) {
        String id = "b" + branch + "_" + i;
        steps.append("        - { id: " + id + ", uses: command.run,");
        steps.append(" with: { command: [sh, \"DIR/act.sh\", " + id + "] } }\n");
      }
    }
    begin(steps.toString());
    approve("ready").required(0);
    assertEquals("SUCCEEDED", end(person));

    Set<String> ofOne = noted(one);
    Set<String> ofOther = noted(other);
    Set<String> both = new HashSet<>(ofOne);
    both.retainAll(ofOther);
    assertAll(
        () -> assertEquals(expected(), new TreeSet<>(effects())),
        () -> assertEquals(BRANCHES * LENGTH, effects().size()),
        () -> assertEquals(Set.of(), both, "noted by both"),
        () -> assertEquals(BRANCHES * LENGTH, ofOne.size() + ofOther.size()),
        () -> assertFalse(ofOne.isEmpty() || ofOther.isEmpty(), ofOne + " and " + ofOther));
  }

  private static Set<String> expected() {
    return IntStream.range(0, BRANCHES * LENGTH)
        .mapToObj(i -> "b" + i / LENGTH + "_" + i % LENGTH)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void theOtherOneCannotTellWhatBecameOfTheActOfOneThatDiedAndAsks() throws Exception {
    one.start();
    Files.writeString(directory.resolve("hold-act"), "");
    begin(ACT);
    approve("ready").required(0);
    await("effects");
    other.start();
    one.kill();

    JsonNode asked = question("DOUBT");
    assertTrue(asked.path("question").asText().contains("can't say"), asked::toString);
    assertEquals(List.of("act"), effects(), "it was not done again");
    person.types("settle", target, "act", "--done", "--reason", "I looked").required(0);
    assertEquals("SUCCEEDED", end(person));
    assertEquals(List.of("act"), effects());
    Files.delete(directory.resolve("hold-act"));
  }

  @Test
  void aWorkerThatLacksAnActionTouchesNothingAndSaysSoUntilOneThatHasItGoesOn() throws Exception {
    one.start();
    begin(ACT);
    one.kill();
    other.lacking(catalogWithout("command.run")).start();
    // A plan is a run's own: what becomes of the file no longer matters to it.
    Files.writeString(directory.resolve("side-by-side.yaml"), "gone");
    approve("ready").required(0);

    JsonNode asked = question("FAILURE");
    assertTrue(
        asked.path("question").asText().contains("This worker has no action command.run"),
        asked::toString);
    assertFalse(Files.exists(directory.resolve("effects")), "it touched something");
    other.kill();
    one.start();
    person.types("retry", target, "act", "--reason", "the newer one is back").required(0);
    assertEquals("SUCCEEDED", end(person));
    assertEquals(List.of("act"), effects());
  }

  private Path catalogWithout(String action) throws Exception {
    Path classes = Files.createDirectories(directory.resolve("older"));
    try (InputStream in = ActionRegistry.catalog()) {
      JsonNode catalog = Json.MAPPER.readTree(in);
      ArrayNode actions = (ArrayNode) catalog.get("actions");
      for (int i = actions.size() - 1; i >= 0; i--) {
        if (actions.get(i).path("name").asText().equals(action)) {
          actions.remove(i);
        }
      }
      Files.writeString(classes.resolve("backout-catalog.json"), catalog.toString());
    }
    return classes;
  }

  @Test
  void aWorkerWithoutThePolicyByWhichARunBeganOpensNoGateOfIt() throws Exception {
    one.policy(List.of("ada", "joan"));
    one.start();
    begin(ACT, "--as", "joan", "--key", one.key("joan"));
    one.kill();
    other.start();

    Said bare = other.person().types("approve", target, "ready", "--as", "mallory", "--unsigned");
    assertEquals(1, bare.exit(), bare::toString);
    assertTrue(bare.err().replaceAll("\\s+", " ").contains("doesn't count"), bare::toString);
    assertEquals("ready", question("CHECKPOINT").path("step").asText());
    other.kill();
    one.start();
    person.types("approve", target, "ready", "--as", "ada", "--key", one.key("ada")).required(0);
    assertEquals("SUCCEEDED", end(person));
    assertEquals(List.of("act"), effects());
  }

  @Test
  void aWorkerWithAPolicyDoesNothingForARunThatBeganWithoutOne() throws Exception {
    other.start();
    begin(ACT);
    person.types("approve", target, "ready", "--comment", "go").required(0);
    assertEquals("SUCCEEDED", end(person));
    assertEquals(List.of("act"), effects());

    begin(ACT);
    other.kill();
    one.policy(List.of("ada", "joan"));
    one.start();
    person.types("approve", target, "ready", "--as", "ada", "--key", one.key("ada")).required(0);
    JsonNode asked = question("FAILURE");
    assertTrue(asked.path("question").asText().contains("policy"), asked::toString);
    assertEquals(List.of("act"), effects(), "it was done again");
  }

  private void begin(String steps, String... more) throws Exception {
    Path runbook =
        Files.writeString(
            directory.resolve("side-by-side.yaml"),
            (HEAD + steps).replace("DIR", directory.toString()).replace("TARGET", target));
    List<String> words = new ArrayList<>(List.of("run", runbook.toString(), "--yes", "--detach"));
    words.addAll(List.of(more));
    person.types(words.toArray(String[]::new)).required(0);
    assertEquals("ready", question("CHECKPOINT").path("step").asText());
  }

  private Said approve(String step) {
    return person.types("approve", target, step, "--comment", "go");
  }

  private JsonNode question(String reason) throws Exception {
    Backoff backoff = new Backoff();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      JsonNode waiting = status(person).path("waiting").path(0);
      if (waiting.path("reason").asText().equals(reason)) {
        return waiting;
      }
      backoff.pause();
    }
    throw new AssertionError("No " + reason + " is asked: " + person.types("status", target));
  }

  private String end(Person who) throws Exception {
    Backoff backoff = new Backoff();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      JsonNode status = status(who);
      String state = status.path("state").asText();
      if (Set.of("SUCCEEDED", "FAILED", "STOPPED").contains(state)) {
        return state;
      }
      if (status.path("waiting").size() > 0) {
        return status.path("waiting").toString();
      }
      backoff.pause();
    }
    throw new AssertionError("The run does not end: " + who.types("status", target));
  }

  private JsonNode status(Person who) throws Exception {
    Said said = who.types("status", target, "-o", "json");
    return Json.MAPPER.readTree(said.out().isBlank() ? "{}" : said.out());
  }

  private void await(String file) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(directory.resolve(file))) {
      assertTrue(System.nanoTime() < deadline, file + " does not appear");
      Thread.sleep(50);
    }
  }

  private List<String> effects() throws Exception {
    return Files.readAllLines(directory.resolve("effects"));
  }

  private static Set<String> noted(OwnWorker worker) throws Exception {
    Set<String> steps = new TreeSet<>();
    try (Connection journal =
            DriverManager.getConnection("jdbc:sqlite:" + worker.state().resolve("journal.db"));
        Statement statement = journal.createStatement();
        ResultSet row = statement.executeQuery("SELECT step FROM acts")) {
      while (row.next()) {
        steps.add(row.getString(1));
      }
    }
    return steps;
  }
}
