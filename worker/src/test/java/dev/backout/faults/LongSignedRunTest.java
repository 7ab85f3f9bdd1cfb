package dev.backout.faults;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.faults.Person.Said;
import dev.backout.history.Chronicle;
import dev.backout.history.RunEvent;
import dev.backout.plan.Json;
import dev.backout.testing.Backoff;
import dev.backout.testing.RequiresProgram;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A signed run on a real server, so long that it goes on in further histories: many people decide
 * at the same instant, a step has 3 MB to say, and all of it stays one run whose signatures can be
 * proven. With {@code -Dbackout.faults=all} it is as long as such a run gets: 2,000 steps, and the
 * server itself says when a history is long enough.
 */
@RequiresProgram("temporal")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LongSignedRunTest {
  private static final boolean WHOLE = System.getProperty("backout.faults", "").equals("all");
  private static final int STEPS = WHOLE ? 2_000 : 60;
  private static final int PEOPLE = WHOLE ? 50 : 10;
  private static final int QUORUM = PEOPLE / 2 + 1;
  private static final Duration PATIENCE = Duration.ofMinutes(WHOLE ? 15 : 3);
  private static final String TARGET = "long-way";

  private static final String BEGIN =
      """
      apiVersion: backout/v1
      kind: planned
      name: long-way
      summary: A step after the other, for long.
      target: long-way
      steps:
        - id: big
          uses: logs.scan
          with: { file: "DIR/big.log", pattern: noise, maxMatches: 100000, samples: 12000 }
        - id: begin
          checkpoint:
            question: ${{ steps.big.outputs.matches }} lines. Begin?
            approvers: [group:oncall]
            quorum: QUORUM
      """;

  private static final String BESIDE =
      """
        - id: beside
          parallel:
            left:
              - { id: l1, uses: command.run, with: { command: [sh, "DIR/act.sh", l1] } }
              - { id: l2, uses: command.run, with: { command: [sh, "DIR/act.sh", l2] } }
              - { id: l3, uses: command.run, with: { command: [sh, "DIR/act.sh", l3] } }
            right:
              - { id: r1, uses: command.run, with: { command: [sh, "DIR/act.sh", r1] } }
              - { id: r2, uses: command.run, with: { command: [sh, "DIR/act.sh", r2] } }
              - { id: r3, uses: command.run, with: { command: [sh, "DIR/act.sh", r3] } }
      """;

  /** Besides those that are many. */
  private static final int ACTS = 7;

  private static final String STEP =
      """
        - { id: sNUMBER, uses: command.run, with: { command: [sh, "DIR/act.sh", sNUMBER] } }
      """;

  private static final String END =
      """
        - id: agree
          checkpoint: { question: Go on?, approvers: [group:oncall] }
        - { id: last, uses: command.run, with: { command: [sh, "DIR/act.sh", last] } }
      """;

  private static final TypeReference<List<RunEvent>> EVENTS = new TypeReference<>() {};

  private final List<Said> decided = new ArrayList<>();
  private Path root;
  private TemporalServer server;
  private OwnWorker worker;
  private Person person;
  private String first;
  private Path newest;
  private final List<String> earlier = new ArrayList<>();

  @BeforeAll
  void play(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    String[] shorter =
        WHOLE ? new String[0] : new String[] {"limit.historyCount.suggestContinueAsNew=100"};
    server = TemporalServer.start(root.resolve("temporal"), shorter);
    worker = OwnWorker.layOut(root.resolve("own"), server, "backout", root);
    List<String> people = new ArrayList<>(people());
    people.add("joan");
    worker.policy(people);
    worker.start();
    person = worker.person();
    Files.writeString(root.resolve("act.sh"), "echo \"$1\" >> \"$(dirname \"$0\")/effects\"\n");
    Files.writeString(root.resolve("big.log"), ("noise " + "x".repeat(250) + "\n").repeat(12_000));
    begin();
    awaitQuestion("begin");
    decideAllAtOnce();
    awaitQuestion("agree");
    approve("agree", "p1").required(0);
    awaitEnd();
    first = status().path("runId").asText();
    newest = root.resolve("newest.json");
    person.types("history", TARGET, "--export", newest.toString()).required(0);
    exportEarlier(newest);
  }

  private static List<String> people() {
    return IntStream.rangeClosed(1, PEOPLE).mapToObj(i -> "p" + i).toList();
  }

  private void begin() throws Exception {
    StringBuilder text = new StringBuilder(BEGIN.replace("QUORUM", Integer.toString(QUORUM)));
    text.append(BESIDE);
    IntStream.range(0, STEPS)
        .forEach(i -> text.append(STEP.replace("NUMBER", Integer.toString(i))));
    text.append(END);
    Path runbook =
        Files.writeString(
            root.resolve("long.yaml"), text.toString().replace("DIR", root.toString()));
    person
        .types(
            "run",
            runbook.toString(),
            "--yes",
            "--detach",
            "--as",
            "joan",
            "--key",
            worker.key("joan"))
        .required(0);
  }

  /** As many as there are people, each from a terminal of their own. */
  private void decideAllAtOnce() throws Exception {
    ExecutorService terminals = Executors.newFixedThreadPool(PEOPLE);
    try {
      List<Callable<Said>> all =
          people().stream().<Callable<Said>>map(name -> () -> approve("begin", name)).toList();
      for (Future<Said> each : terminals.invokeAll(all)) {
        decided.add(each.get());
      }
    } finally {
      terminals.shutdownNow();
    }
  }

  private Said approve(String step, String name) {
    return person.types(
        "approve",
        TARGET,
        step,
        "--as",
        name,
        "--key",
        worker.key(name),
        "--comment",
        "by " + name);
  }

  private void awaitQuestion(String step) throws Exception {
    Backoff backoff = new Backoff();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!status().path("waiting").path(0).path("step").asText().equals(step)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(person.types("status", TARGET) + worker.log());
      }
      backoff.pause();
    }
  }

  private void awaitEnd() throws Exception {
    Backoff backoff = new Backoff();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!status().path("state").asText().equals("SUCCEEDED")) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError(person.types("status", TARGET) + worker.log());
      }
      backoff.pause();
    }
  }

  private JsonNode status() throws Exception {
    return Json.MAPPER.readTree(person.types("status", TARGET, "-o", "json").out());
  }

  /** The histories before it, as Temporal's own command line exports them. */
  private void exportEarlier(Path export) throws Exception {
    WorkflowServiceStubs stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(server.address()).build());
    try {
      WorkflowClient client = WorkflowClient.newInstance(stubs);
      for (String id = continued(export); !id.isEmpty(); id = continued(export)) {
        export = root.resolve(id + ".json");
        Files.writeString(export, client.fetchHistory("backout/" + TARGET, id).toJson(true));
        earlier.add(export.toString());
      }
    } finally {
      stubs.shutdownNow();
    }
  }

  private static String continued(Path export) throws Exception {
    return started(Json.MAPPER.readTree(export.toFile())).path("continuedExecutionRunId").asText();
  }

  private static JsonNode started(JsonNode export) {
    return export.path("events").path(0).path("workflowExecutionStartedEventAttributes");
  }

  @AfterAll
  void end() throws Exception {
    worker.close();
    server.close();
  }

  @Test
  void itIsOneRunWithOneTreeAndEachActIsDoneOnce() throws Exception {
    JsonNode status = status();
    List<String> effects = Files.readAllLines(root.resolve("effects"));
    Set<String> states = new HashSet<>();
    status.path("steps").forEach(step -> states.add(step.path("state").asText()));
    assertAll(
        () -> assertEquals(STEPS + 5, status.path("steps").size()),
        () -> assertEquals(Set.of("DONE"), states),
        () -> assertEquals(STEPS + ACTS, effects.size()),
        () -> assertEquals(STEPS + ACTS, new HashSet<>(effects).size()),
        () -> assertFalse(earlier.isEmpty(), "it went on in another history"),
        () -> assertTrue(runs().contains(first), this::runs));
  }

  private String runs() {
    return person.types("runs").out() + person.types("runs", "-o", "json").out();
  }

  @Test
  void ofManyWhoDecideAtTheSameInstantAsManyCountAsAreWantedAndTheOthersAreToldWhy()
      throws Exception {
    JsonNode gate = status().path("steps").path(1);
    assertEquals(QUORUM, gate.path("decisions").size(), gate::toString);
    assertEquals(QUORUM, decided.stream().filter(said -> said.exit() == 0).count());
    for (Said said : decided) {
      assertTrue(said.exit() == 0 || !said.err().isBlank(), said::toString);
    }
  }

  @Test
  void whatIsTooBigForAHistoryIsAFileWithItsHashAndTheHistoryHasAnExcerpt() throws Exception {
    JsonNode outputs = status().path("steps").path(0).path("outputs");
    JsonNode whole = outputs.path("wholeOutputs");
    assertEquals(12_000, outputs.path("matches").asInt());
    assertTrue(outputs.path("samples").size() < 12_000, outputs::toString);
    assertTrue(whole.path("size").asLong() > 3_000_000, whole::toString);
    JsonNode kept = Json.MAPPER.readTree(Path.of(whole.path("path").asText()).toFile());
    assertEquals(12_000, kept.path("samples").size());
  }

  @Test
  void allHistoriesTogetherProveEverything() throws Exception {
    Said said = verify(TARGET);
    assertEquals(0, said.exit(), said::toString);
    assertTrue(
        flowing(said).contains("the plan, the start and " + (QUORUM + 1) + " decisions"),
        said::toString);
    assertTrue(flowing(said).contains("is what its earlier history"), said::toString);
    assertTrue(flowing(said).contains("files are what the history says"), said::toString);
  }

  @Test
  void theNewestHistoryAloneProvesWhoStartedItAndWhoDecidedBeforeAndSaysWhatItCannot()
      throws Exception {
    Said said = verify(newest.toString());
    assertEquals(3, said.exit(), said::toString);
    assertEquals(QUORUM + 2, proven(newest, "DECISION", "START"), said::toString);
    assertTrue(flowing(said).contains("went on here from an earlier history"), said::toString);
    Said before = verify(earlier.get(earlier.size() - 1));
    assertEquals(3, before.exit(), before::toString);
    assertTrue(flowing(before).contains("went on in a new history"), before::toString);
  }

  private long proven(Path export, String... subjects) throws Exception {
    JsonNode report =
        Json.MAPPER.readTree(
            person.types("verify", export.toString(), "--policy", policy(), "-o", "json").out());
    long proven = 0;
    for (JsonNode finding : report.path("runs").path(0).path("findings")) {
      if (List.of(subjects).contains(finding.path("subject").asText())
          && finding.path("verdict").asText().equals("PROVEN")) {
        proven++;
      }
    }
    return proven;
  }

  @Test
  void whatIsAlteredInWhatWasTakenAlongIsSaid() throws Exception {
    alteredIsSaid("the reason", "was altered", events -> events.replace("by p", "by q"));
    alteredIsSaid(
        "who decided", "was altered", events -> events.replace("\"by\":\"p", "\"by\":\"q"));
    alteredIsSaid(
        "who was let in",
        "altered",
        events -> events.replace("\"principal\":\"joan\"", "\"principal\":\"p1\""));
    alteredIsSaid(
        "the outputs that were quoted",
        "or the outputs that it quotes were",
        events -> events.replace("\"matches\":12000", "\"matches\":12001"));
  }

  private void alteredIsSaid(String what, String expected, UnaryOperator<String> how)
      throws Exception {
    Path altered = root.resolve("altered.json");
    JsonNode export = Json.MAPPER.readTree(newest.toFile());
    JsonNode payload = started(export).path("input").path("payloads").path(0);
    JsonNode input =
        Json.MAPPER.readTree(Base64.getDecoder().decode(payload.path("data").asText()));
    JsonNode chronicle = input.path("continues").path("chronicle");
    String events = chronicle.path("events").asText();
    Chronicle told = Json.MAPPER.treeToValue(chronicle, Chronicle.class);
    String before = Json.MAPPER.writerFor(EVENTS).writeValueAsString(told.read());
    String after = how.apply(before);
    assertFalse(before.equals(after), what);
    Chronicle other =
        Chronicle.of(
            told.runId(), told.startedAt(), Json.MAPPER.readerFor(EVENTS).readValue(after));
    String written =
        Base64.getEncoder()
            .encodeToString(
                input.toString().replace(events, other.events()).getBytes(StandardCharsets.UTF_8));
    ((ObjectNode) payload).put("data", written);
    Files.writeString(altered, export.toString());

    Said alone = verify(altered.toString());
    assertEquals(1, alone.exit(), () -> what + ": " + alone);
    assertTrue(flowing(alone).contains(expected), () -> what + ": " + alone);
    List<String> all = new ArrayList<>(earlier);
    all.add(altered.toString());
    Said together = verify(all.toArray(String[]::new));
    assertEquals(1, together.exit(), () -> what + ": " + together);
    assertTrue(
        flowing(together).contains("is not what that one says"), () -> what + ": " + together);
  }

  private Said verify(String... what) {
    List<String> words = new ArrayList<>(List.of("verify"));
    words.addAll(List.of(what));
    words.addAll(List.of("--policy", policy()));
    return person.types(words.toArray(String[]::new));
  }

  private String policy() {
    return worker.config("policy.yaml").toString();
  }

  private static String flowing(Said said) {
    return said.out().replaceAll("\\s+", " ");
  }
}
