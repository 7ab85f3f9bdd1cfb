package dev.backout.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.backout.demo.HarvesterSite;
import dev.backout.demo.SiteSpec;
import dev.backout.faults.Disturbance.Victim;
import dev.backout.faults.Person.Said;
import dev.backout.launch.OwnJava;
import dev.backout.plan.Json;
import dev.backout.testing.Backoff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The harvester's emergency rollback on a site of its own, by a worker of its own, disturbed as it
 * is told, and brought to its end by somebody who only looks and types.
 */
final class HarvesterRun implements AutoCloseable {
  private static final Path RUNBOOK =
      Path.of("..", "runbooks", "emergency", "postgres-to-sqlite.yaml");
  private static final String READY = "Ctrl-C ends it";
  private static final String BACKGROUND_READY = "Ready at";

  /** What Temporal's SDK logs of a worker that can't tell its server how an activity ended. */
  /** A worker on a terminal is silent about what the SDK gives up; here it is waited for. */
  private static final String SDK_WARNS =
      "-Dorg.slf4j.simpleLogger.log.io.temporal.internal.worker.ActivityWorker=warn";

  private static final String NOBODY_LISTENS = "Failure during reporting of activity result";

  private static final Duration PATIENCE = Duration.ofMinutes(8);

  /** What tells a person who looks whether a step has happened. */
  private static final Map<String, String> SIGN = Map.of("restore", "app.db replaced");

  private final String target;
  private final Disturbance disturbance;
  private final TemporalServer server;
  private final Path root;
  private final HarvesterSite site;
  private final Map<String, String> environment;
  private final Person person;
  private final Set<Boundary> left;
  private final BlockingQueue<Boundary> reached = new LinkedBlockingQueue<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> untruths = new ArrayList<>();
  private DebuggedJvm worker;
  private @Nullable DebuggedJvm frozen;
  private volatile int saidBefore;
  private @Nullable Process command;

  private HarvesterRun(
      String target,
      Disturbance disturbance,
      TemporalServer server,
      Path root,
      HarvesterSite site,
      Map<String, String> environment) {
    this.target = target;
    this.disturbance = disturbance;
    this.server = server;
    this.root = root;
    this.site = site;
    this.environment = environment;
    this.person = new Person(environment);
    this.left = new HashSet<>(disturbance.at());
  }

  /**
   * What came of it.
   *
   * @param steps what status says of each
   * @param done how often each is done, by the history of the run that came to the end
   * @param examined whom the run asked about steps in doubt, and what that said
   * @param asked what the run wanted of a person, besides the approval
   * @param unmet where it should have been disturbed, and never came
   * @param untruths what commands said that wasn't so
   */
  record Outcome(
      String state,
      Map<String, Integer> effects,
      Map<String, String> finalState,
      Map<String, String> steps,
      Map<String, Integer> done,
      List<String> examined,
      List<String> asked,
      Set<Boundary> unmet,
      List<String> untruths) {}

  /**
   * @param postgres where a PostgreSQL was that is gone
   */
  static HarvesterRun layOut(
      String target, Disturbance disturbance, TemporalServer server, Path root, String postgres)
      throws Exception {
    HarvesterSite site = HarvesterSite.layOut(root.resolve("site"), SiteSpec.withoutPostgres());
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("TEMPORAL_"));
    environment.put("XDG_STATE_HOME", root.resolve("state").toString());
    environment.put("XDG_CONFIG_HOME", root.resolve("config").toString());
    if (disturbance.victim() == Victim.BACKGROUND) {
      environment.put("BACKOUT_SERVER", "in-memory");
    } else {
      environment.put("TEMPORAL_ADDRESS", server.address());
    }
    environment.put("BACKOUT_TASK_QUEUE", target);
    environment.put("NO_COLOR", "1");
    environment.put("BACKOUT_JAVA_OPTS", OwnJava.BRIEF);
    Path secrets = Files.createDirectories(root.resolve("config/backout/secrets"));
    Files.writeString(
        root.resolve("config/backout/worker.yaml"), "allowedDirectories: [\"" + root + "\"]\n");
    Path secret = Files.writeString(secrets.resolve("DATABASE_URL"), postgres);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    return new HarvesterRun(target, disturbance, server, root, site, environment);
  }

  Outcome play() throws Exception {
    site.startService();
    Map<String, String> databases = FinalState.databases(site);
    try (Effects effects = Effects.of(site.home())) {
      worker = startWorker();
      FutureTask<Said> begun = new FutureTask<>(this::begin);
      new Thread(begun, "begin " + target).start();
      String state = untilEnd(effects, begun);
      Map<String, String> steps = steps(status());
      List<JsonNode> record = record();
      worker.kill();
      return new Outcome(
          state,
          effects.counts(),
          FinalState.of(site, databases),
          steps,
          done(record),
          examined(record),
          List.copyOf(asked),
          Set.copyOf(left),
          List.copyOf(untruths));
    }
  }

  private DebuggedJvm startWorker() throws Exception {
    boolean background = disturbance.victim() == Victim.BACKGROUND;
    Path log = background ? state().resolve("server.log") : root.resolve("worker.log");
    int before = Files.exists(log) ? Files.readString(log).length() : 0;
    DebuggedJvm started =
        DebuggedJvm.start(
            background ? background() : List.of(SDK_WARNS, "dev.backout.cli.Backout", "worker"),
            environment,
            root.resolve("worker.log"),
            left,
            this::strike);
    String ready = background ? BACKGROUND_READY : READY;
    while (!Files.exists(log) || !Files.readString(log).substring(before).contains(ready)) {
      if (!started.isAlive()) {
        throw new AssertionError("The worker has ended: " + Files.readString(log));
      }
      Thread.sleep(50);
    }
    return started;
  }

  private List<String> background() throws IOException {
    return List.of(
        "dev.backout.server.ServerProcess",
        Files.createDirectories(state()).toString(),
        root.resolve("config/backout").toString(),
        target,
        "IN_MEMORY");
  }

  private Path state() {
    return root.resolve("state/backout");
  }

  /** While the worker stands still. */
  private void strike(Boundary boundary) {
    try {
      switch (disturbance.victim()) {
        case SERVER, SERVER_FOR_LONG -> {
          saidBefore = Files.readString(root.resolve("worker.log")).length();
          server.kill();
        }
        case WORKER, BACKGROUND -> worker.kill();
        case WORKER_AND_SERVER -> {
          server.kill();
          worker.kill();
        }
        case FROZEN_WORKER -> worker.freeze();
        case COMMAND -> killCommand();
        case NOBODY -> {}
      }
      reached.add(boundary);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void killCommand() throws InterruptedException {
    if (command != null) {
      command.destroyForcibly().waitFor();
    }
  }

  /** A command in a process of its own, as in a terminal that may die. */
  private Process watch() throws IOException {
    List<String> words = OwnJava.command();
    words.addAll(List.of("dev.backout.cli.Backout", "watch", target));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(root.resolve("watch.log").toFile()));
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Said begin() {
    List<String> words = new ArrayList<>(List.of("run", RUNBOOK.toString(), "--yes", "--detach"));
    Map.of(
            "service",
            target,
            "home",
            site.home().toString(),
            "baseUrl",
            site.baseUrl(),
            "port",
            Integer.toString(site.port()),
            "api",
            site.program() + ",api",
            "scheduler",
            site.program() + ",daemon")
        .forEach((name, value) -> words.addAll(List.of("--input", name + "=" + value)));
    return person.types(words.toArray(String[]::new));
  }

  private String untilEnd(Effects effects, FutureTask<Said> begun) throws Exception {
    Backoff backoff = new Backoff();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      Boundary struck = reached.poll(backoff.millis(), TimeUnit.MILLISECONDS);
      if (struck != null) {
        backoff.reset();
        left.remove(struck);
        mend(struck);
      }
      worker.requireNoFailure();
      if (begun.isDone()) {
        begun.get().required(0);
        if (command == null && disturbance.victim() == Victim.COMMAND) {
          command = watch();
        }
      }
      JsonNode status = status();
      String state = status.path("state").asText();
      if (List.of("SUCCEEDED", "FAILED", "STOPPED", "CANCELLED", "TERMINATED").contains(state)) {
        List<Boundary> last = new ArrayList<>();
        reached.drainTo(last);
        left.removeAll(last);
        return state;
      }
      for (JsonNode waiting : status.path("waiting")) {
        answer(waiting, effects);
      }
      backoff.lengthen();
    }
    throw new AssertionError("The run does not end: " + person.types("status", target) + logs());
  }

  private String logs() throws IOException {
    return "\nthe worker's log:\n" + Files.readString(root.resolve("worker.log"));
  }

  /** What is dead is looked at, then started again. */
  private void mend(Boundary struck) throws Exception {
    if (disturbance.victim() == Victim.SERVER_FOR_LONG) {
      awaitNobodyListens();
    }
    if (!server.isAlive()) {
      server.startAgain();
    }
    switch (disturbance.victim()) {
      case WORKER, WORKER_AND_SERVER -> {
        lookWhileBroken(struck, List.of("RUNNING", "WAITING"));
        worker = startWorker();
      }
      case BACKGROUND -> {
        lookWhileBroken(struck, List.of("INTERRUPTED"));
        worker = startWorker();
        person
            .types("resume", target, "--yes", "--detach", "--reason", "the machine is back")
            .required(0);
      }
      case FROZEN_WORKER -> thawOnceAnotherHasIt(struck);
      case COMMAND -> command = watch();
      case SERVER, SERVER_FOR_LONG, NOBODY -> {}
    }
  }

  private void awaitNobodyListens() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Path log = root.resolve("worker.log");
    while (!Files.readString(log).substring(saidBefore).contains(NOBODY_LISTENS)) {
      worker.requireNoFailure();
      if (System.nanoTime() > deadline) {
        throw new AssertionError("The worker does not give up telling the server: " + logs());
      }
      Thread.sleep(200);
    }
  }

  private void thawOnceAnotherHasIt(Boundary struck) throws Exception {
    frozen = worker;
    worker = startWorker();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!isWithAnother(struck.step())) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("Nobody else has " + struck.step() + ": " + status() + logs());
      }
      Thread.sleep(500);
    }
    // What is given to the other worker is there at once; that nothing comes of it takes a moment.
    Thread.sleep(2_000);
    frozen.thaw();
  }

  /** What is safe to repeat is tried again; of anything else the other worker asks its journal. */
  private boolean isWithAnother(String step) throws Exception {
    for (JsonNode list : status().findValues("steps")) {
      for (JsonNode each : list) {
        if (each.path("path").asText().equals(step)) {
          return each.path("attempt").asInt() > 1 || each.path("state").asText().equals("IN_DOUBT");
        }
      }
    }
    return false;
  }

  /** Nobody works, so what is told is the record: the step that was struck is not done. */
  private void lookWhileBroken(Boundary struck, List<String> truth) throws Exception {
    JsonNode status = status();
    if (status.isMissingNode()) {
      return;
    }
    String state = status.path("state").asText();
    if (!truth.contains(state)) {
      untruths.add("at " + struck + " status says " + state);
    }
    if (steps(status).getOrDefault(struck.step(), "?").equals("DONE")) {
      untruths.add("at " + struck + " status says that it is done");
    }
    String listed =
        Json.MAPPER.readTree(person.types("runs", "-o", "json").required(0).out()).toString();
    if (!listed.contains("\"target\":\"" + target + "\"")) {
      untruths.add("at " + struck + " runs does not know it");
    }
    person.types("history", target).required(0);
  }

  private static Map<String, String> steps(JsonNode status) {
    Map<String, String> states = new TreeMap<>();
    for (JsonNode list : status.findValues("steps")) {
      list.forEach(step -> states.put(step.path("path").asText(), step.path("state").asText()));
    }
    return states;
  }

  private JsonNode status() throws Exception {
    Said said = person.types("status", target, "-o", "json");
    return said.out().isBlank() ? MissingNode.getInstance() : Json.MAPPER.readTree(said.out());
  }

  /**
   * Who decides may be struck too: then nobody has told them that it was taken, and they look again
   * and decide again if it is still asked.
   */
  private void answer(JsonNode waiting, Effects effects) throws Exception {
    String step = waiting.path("step").asText();
    String reason = waiting.path("reason").asText();
    if (waiting.path("choices").toString().contains("approve")) {
      Said unused = person.types("approve", target, step, "--comment", "by the test");
      return;
    }
    asked.add(step + " " + reason + ": " + waiting.path("question").asText());
    if (reason.equals("DOUBT")) {
      boolean happened = effects.hasHappened(SIGN.get(step));
      Said unused =
          person.types(
              "settle", target, step, happened ? "--done" : "--not-done", "--reason", "looked");
    } else {
      Said unused = person.types("retry", target, step, "--reason", "the worker is back");
    }
  }

  private List<JsonNode> record() throws Exception {
    JsonNode history =
        Json.MAPPER.readTree(person.types("history", target, "-o", "json").required(0).out());
    List<JsonNode> entries = new ArrayList<>();
    history.path("entries").forEach(entries::add);
    return entries;
  }

  /** How often each step is done, by the history. */
  private static Map<String, Integer> done(List<JsonNode> record) {
    Map<String, Integer> done = new TreeMap<>();
    for (JsonNode entry : record) {
      if (entry.path("type").asText().equals("STEP_DONE")) {
        done.merge(entry.path("step").asText(), 1, Integer::sum);
      }
    }
    return done;
  }

  private static List<String> examined(List<JsonNode> record) {
    return record.stream()
        .filter(entry -> entry.path("type").asText().equals("DOUBT_EXAMINED"))
        .map(entry -> entry.path("step").asText() + ": " + entry.path("text").asText())
        .toList();
  }

  @Override
  public void close() throws Exception {
    if (worker != null) {
      worker.kill();
    }
    if (frozen != null) {
      frozen.kill();
    }
    killCommand();
    site.close();
  }
}
