package dev.backout.endtoend;

import dev.backout.archive.Archive;
import dev.backout.archive.RunSummary;
import dev.backout.cli.Backout;
import dev.backout.cli.Surroundings;
import dev.backout.client.BackoutClient;
import dev.backout.client.StoppedRun;
import dev.backout.config.Flags;
import dev.backout.config.Settings;
import dev.backout.history.Resumption;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.launch.OwnJava;
import dev.backout.server.BackgroundServer;
import dev.backout.testing.Backoff;
import dev.backout.workflow.RunRequest;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Backout as a user has it, with a state directory, a worker's configuration and a background
 * server of its own. The commands run in this process, on streams of their own.
 */
final class OwnBackout implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int WAITING_AT_ITS_FIRST_STEP = 4;

  private final Path root;
  private final Map<String, String> environment;
  private final List<Said> everything = new CopyOnWriteArrayList<>();

  private OwnBackout(Path root, Map<String, String> environment) {
    this.root = root;
    this.environment = environment;
  }

  /**
   * With its server running.
   *
   * @param allowed what its worker may touch
   * @param programs what its worker may run
   */
  static OwnBackout in(Path root, Path allowed, String... programs) throws IOException {
    OwnBackout own = laidOut(root, allowed, programs);
    new BackgroundServer(own.settings()).ensure();
    return own;
  }

  /**
   * The same with Temporal's development server, which must be on the PATH.
   *
   * @param programs what its worker may run
   */
  static OwnBackout onTemporal(Path root, Path allowed, String... programs) throws IOException {
    OwnBackout own = laidOut(root, allowed, programs);
    own.environment.put("BACKOUT_SERVER", "development");
    new BackgroundServer(own.settings()).ensure();
    return own;
  }

  /**
   * The same as a user who may not read and write everything: where this is the superuser, without
   * what makes it one.
   */
  static OwnBackout ofAnOrdinaryUser(Path root, Path allowed)
      throws IOException, InterruptedException {
    OwnBackout own = laidOut(root, allowed);
    Said started = own.asAnOrdinaryUser("server", "start");
    if (started.exit() != 0) {
      throw new AssertionError(started.toString());
    }
    return own;
  }

  /** Without a server. */
  static OwnBackout laidOut(Path root, Path allowed, String... programs) throws IOException {
    OwnJava.useForServers();
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("TEMPORAL_"));
    environment.put("XDG_STATE_HOME", root.resolve("state").toString());
    environment.put("XDG_CONFIG_HOME", root.resolve("config").toString());
    environment.put("BACKOUT_SERVER", "in-memory");
    environment.put("NO_COLOR", "1");
    environment.put("BACKOUT_JAVA_OPTS", OwnJava.BRIEF);
    Files.createDirectories(root.resolve("config/backout/secrets"));
    Files.writeString(
        root.resolve("config/backout/worker.yaml"),
        "allowedDirectories: [\""
            + allowed
            + "\"]\nallowedPrograms: ["
            + String.join(", ", programs)
            + "]\n");
    return new OwnBackout(root, environment);
  }

  /** What a command said, and how it ended. */
  record Said(List<String> words, int exit, String out, String err) {
    String all() {
      return out + err;
    }

    @Override
    public String toString() {
      return "backout " + String.join(" ", words) + "\nexit " + exit + "\n" + out + err;
    }
  }

  void secret(String name, String value) throws IOException {
    Path file = Files.writeString(root.resolve("config/backout/secrets").resolve(name), value);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  Said run(String... words) throws InterruptedException, ExecutionException {
    return start(words).said();
  }

  /** A command in a process of its own, which may read and write only what modes let it. */
  Said asAnOrdinaryUser(String... words) throws IOException, InterruptedException {
    List<String> prefix =
        ProcessHandle.current().info().user().filter("root"::equals).isPresent()
            ? List.of("setpriv", "--bounding-set", "-dac_override,-dac_read_search")
            : List.of();
    Path out = Files.createTempFile(root, "out", ".txt");
    Path err = Files.createTempFile(root, "err", ".txt");
    int exit =
        process(prefix, words)
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start()
            .waitFor();
    Said said = new Said(List.of(words), exit, Files.readString(out), Files.readString(err));
    everything.add(said);
    return said;
  }

  /** A worker of this configuration in a process of its own, for another server's task queue. */
  Process startWorker(OwnBackout server, String taskQueue) throws IOException {
    String address = new BackgroundServer(server.settings()).running().orElseThrow().address();
    return process(List.of(), "worker", "--address", address, "--task-queue", taskQueue)
        .redirectErrorStream(true)
        .redirectOutput(root.resolve("worker.log").toFile())
        .start();
  }

  void awaitWorker(Process worker) throws IOException, InterruptedException {
    Path log = root.resolve("worker.log");
    while (!Files.readString(log).contains("Ctrl-C ends it")) {
      if (!worker.isAlive()) {
        throw new AssertionError("The worker has ended: " + Files.readString(log));
      }
      Thread.sleep(50);
    }
  }

  private ProcessBuilder process(List<String> prefix, String... words) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(OwnJava.command());
    command.add(Backout.class.getName());
    command.addAll(List.of(words));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  /** The runs that Temporal itself lists for a query in its own language, by their ids. */
  List<String> listed(String query) {
    try (BackoutClient client = BackoutClient.openToRead(settings())) {
      return client
          .workflowClient()
          .listExecutions(query)
          .map(run -> run.getExecution().getWorkflowId())
          .sorted()
          .toList();
    }
  }

  /** As Temporal's own client does it: sent, and nobody asks what became of it. */
  void signal(String workflowId, String name, Object input) {
    try (BackoutClient client = BackoutClient.openToRead(settings())) {
      client.workflowClient().newUntypedWorkflowStub(workflowId).signal(name, input);
    }
  }

  Said run(List<String> words) throws InterruptedException, ExecutionException {
    return run(words.toArray(String[]::new));
  }

  /** A command under way, as in a terminal of its own. */
  final class Running {
    private final List<String> words;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FutureTask<Integer> task;

    private Running(List<String> words) {
      this.words = words;
      this.task = new FutureTask<>(this::execute);
      Thread thread = new Thread(task, "backout " + words.get(0));
      thread.setDaemon(true);
      thread.start();
    }

    private int execute() {
      return Backout.execute(
          new Surroundings(
              environment,
              new BufferedReader(new StringReader("")),
              new PrintStream(out, true, StandardCharsets.UTF_8),
              new PrintStream(err, true, StandardCharsets.UTF_8),
              false,
              false,
              false,
              120,
              Clock.systemUTC()),
          words.toArray(String[]::new));
    }

    Said said() throws InterruptedException, ExecutionException {
      try {
        Said said = said(task.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        everything.add(said);
        return said;
      } catch (TimeoutException e) {
        task.cancel(true);
        throw new AssertionError("It should have ended by now: " + said(-1), e);
      }
    }

    private Said said(int exit) {
      return new Said(
          words, exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    boolean isRunning() {
      return !task.isDone();
    }
  }

  Running start(String... words) {
    return new Running(List.of(words));
  }

  /** What the target's run wants of a person, as soon as it wants something. */
  Waiting question(Running command, String target) throws Exception {
    Optional<Waiting> waiting = awaitQuestion(command, target);
    if (waiting.isEmpty()) {
      throw new AssertionError("The run asked nothing and has ended:\n" + command.said());
    }
    return waiting.get();
  }

  /**
   * Waits until the target's run wants something of a person, or has ended.
   *
   * @return what it wants; empty if it has ended
   */
  Optional<Waiting> awaitQuestion(Running command, String target)
      throws IOException, InterruptedException {
    Backoff backoff = new Backoff();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (BackoutClient client = BackoutClient.openToRead(settings())) {
      while (System.nanoTime() < deadline) {
        Optional<RunStatus> status = status(client, target);
        if (status.isPresent() && !status.get().waiting().isEmpty()) {
          return Optional.of(status.get().waiting().get(0));
        }
        // While the command runs, what has ended may be an earlier run of this target.
        if (!command.isRunning() && status.map(run -> run.state().isFinal()).orElse(true)) {
          return Optional.empty();
        }
        backoff.pause();
      }
    }
    throw new AssertionError("The run of " + target + " neither asks nor ends");
  }

  private static Optional<RunStatus> status(BackoutClient client, String target) {
    return client.runs().stream()
        .filter(run -> run.target().equals(target))
        .findFirst()
        .flatMap(client::status);
  }

  /** What is in all evidence files of this name. */
  String evidence(String name) throws IOException {
    try (Stream<Path> files = Files.walk(state())) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.filter(each -> each.endsWith(name)).toList()) {
        all.append(Files.readString(file));
      }
      return all.toString();
    }
  }

  /** Waits until the archive has what the run, or the child runbook, has come to. */
  void awaitArchived(String workflow) throws InterruptedException {
    Archive archive = new Archive(settings().state().archive());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (archive.entries().stream()
        .noneMatch(
            entry ->
                entry.run().workflowId().equals("backout/" + workflow)
                    && entry.run().events() >= WAITING_AT_ITS_FIRST_STEP)) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("The archive has no such run: " + archive.entries());
      }
      Thread.sleep(50);
    }
  }

  /** Its server, and the worker in it, as by a crash of the machine. */
  void killServer() throws InterruptedException, ExecutionException {
    long pid = new BackgroundServer(settings()).running().orElseThrow().pid();
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    server.destroyForcibly();
    server.onExit().get();
  }

  /** By another Temporal client, without a word to the run. */
  void cancel(String target) {
    try (BackoutClient client = BackoutClient.openToRead(settings())) {
      client.stub(client.resolveRun(target)).cancel();
    }
  }

  /** The same, and nothing of it runs any more. */
  void terminate(String target) {
    try (BackoutClient client = BackoutClient.openToRead(settings())) {
      client.stub(client.resolveRun(target)).terminate("by hand");
    }
  }

  /** What the status says, for whoever has to see why a test fails. */
  String status(String target) {
    try {
      return run("status", target).toString();
    } catch (InterruptedException | ExecutionException e) {
      return e.toString();
    }
  }

  /** As any Temporal client could, with a word of its own on what the former run has done. */
  void startResuming(String target, String by, UnaryOperator<Resumption> word) throws Exception {
    try (BackoutClient client = BackoutClient.openToRead(settings())) {
      StoppedRun former = client.stopped(client.resolveRun(target));
      RunRequest request = new RunRequest(former.plan(), by, null, null, false);
      RunSummary unused = client.start(request.withResumes(word.apply(former.resumption())));
    }
  }

  /** All that commands have said so far. */
  String screen() {
    StringBuilder screen = new StringBuilder();
    everything.forEach(said -> screen.append(said).append('\n'));
    return screen.toString();
  }

  /** The state directory: server, log, journal, archive, evidence. */
  Path state() {
    return root.resolve("state/backout");
  }

  private Settings settings() {
    return Settings.load(Flags.NONE, environment);
  }

  @Override
  public void close() {
    new BackgroundServer(settings()).stop();
  }

  static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
  }
}
