package dev.backout.server;

import dev.backout.config.Settings;
import dev.backout.config.StateDirectory;
import dev.backout.machine.Machine;
import dev.backout.plan.Json;
import dev.backout.workflow.SearchFields;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** {@code temporal server start-dev} with a database file, as a child process. */
final class DevelopmentServer implements LocalServer {
  private static final Duration READY_PATIENCE = Duration.ofSeconds(40);
  private static final Duration END_GRACE = Duration.ofSeconds(8);

  /**
   * Without these a step costs 50–100 ms instead of about 10: the server polls 20 times a second.
   */
  private static final List<String> TUNING =
      List.of(
          "history.transferProcessorMaxPollRPS=1000",
          "history.timerProcessorMaxPollRPS=200",
          "history.visibilityProcessorMaxPollRPS=200",
          "system.enableActivityEagerExecution=true");

  /**
   * Written beside the database: which server wrote it, for a newer one does not migrate it; and
   * which process has it open, for that outlives a killed parent.
   */
  record Mark(String version, @Nullable ProcessIdentity process) {

    static Optional<Mark> read(StateDirectory state) {
      try {
        return Optional.of(Json.MAPPER.readValue(file(state).toFile(), Mark.class));
      } catch (IOException e) {
        return Optional.empty();
      }
    }

    void write(StateDirectory state) throws IOException {
      Files.write(file(state), Json.MAPPER.writeValueAsBytes(this));
    }

    private static Path file(StateDirectory state) {
      return state.root().resolve("temporal.db.json");
    }
  }

  private final Process process;
  private final String address;
  private final String version;
  private final WorkflowServiceStubs stubs;

  private DevelopmentServer(Process process, String address, String version) {
    this.process = process;
    this.address = address;
    this.version = version;
    this.stubs =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(address).build());
  }

  /** The program, if it is on the PATH. */
  static Optional<Path> program() {
    return Machine.here().program("temporal");
  }

  static DevelopmentServer start(Path program, StateDirectory state)
      throws IOException, InterruptedException {
    endOrphan(state);
    String version = version(program);
    refuseForeignDatabase(state, version);
    int port = freePort();
    Process process =
        new ProcessBuilder(command(program, state, port))
            .directory(state.root().toFile())
            .redirectInput(new File("/dev/null"))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(state.serverLog().toFile()))
            .redirectErrorStream(true)
            .start();
    new Mark(version, ProcessIdentity.of(process.toHandle())).write(state);
    awaitReady(process, port, state);
    return new DevelopmentServer(process, "127.0.0.1:" + port, version);
  }

  /**
   * Ends a development server whose parent was killed: two must not have the same database open.
   */
  static void endOrphan(StateDirectory state) throws InterruptedException {
    Optional<ProcessIdentity> orphan = Mark.read(state).map(Mark::process);
    if (orphan.isPresent() && !orphan.get().end(END_GRACE)) {
      throw new ServerException(
          "An earlier Temporal development server, process "
              + orphan.get().pid()
              + ", still has the database open and does not end. End it by hand, then try again.");
    }
  }

  private static List<String> command(Path program, StateDirectory state, int port) {
    List<String> command = new ArrayList<>(List.of(program.toString(), "server", "start-dev"));
    command.addAll(List.of("--headless", "--ip", "127.0.0.1", "--port", Integer.toString(port)));
    command.addAll(List.of("--namespace", Settings.DEFAULT_NAMESPACE, "--log-level", "warn"));
    command.addAll(
        List.of(
            "--db-filename",
            state.temporalDatabase().toString(),
            "--sqlite-pragma",
            "journal_mode=WAL"));
    for (String name : SearchFields.NAMES) {
      command.addAll(List.of("--search-attribute", name + "=Keyword"));
    }
    for (String value : TUNING) {
      command.addAll(List.of("--dynamic-config-value", value));
    }
    return command;
  }

  private static String version(Path program) throws IOException, InterruptedException {
    Process asked =
        new ProcessBuilder(program.toString(), "--version").redirectErrorStream(true).start();
    String answer =
        new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (asked.waitFor() != 0 || answer.isEmpty()) {
      throw new ServerException(
          "`"
              + program
              + " --version` failed: "
              + answer
              + ". Mend it, or set BACKOUT_SERVER=in-memory.");
    }
    return answer;
  }

  private static void refuseForeignDatabase(StateDirectory state, String version) {
    Path database = state.temporalDatabase();
    String before = Mark.read(state).map(Mark::version).orElse(version);
    if (Files.exists(database) && !before.equals(version)) {
      throw new ServerException(
          "The database "
              + database
              + " was written by \""
              + before
              + "\"; this is \""
              + version
              + "\", which does not migrate it. Put the former program back until its runs have ended, or move the database away (finished runs stay in the archive).");
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitReady(Process process, int port, StateDirectory state)
      throws InterruptedException {
    long until = System.nanoTime() + READY_PATIENCE.toNanos();
    while (!listens(port)) {
      if (!process.isAlive() || System.nanoTime() > until) {
        process.destroyForcibly();
        throw new ServerException(
            "`temporal server start-dev` did not come up. The end of "
                + state.serverLog()
                + ":\n"
                + LogTail.of(state.serverLog(), 10)
                + "\nMend it, or set BACKOUT_SERVER=in-memory.");
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public ServerRecord.Kind kind() {
    return ServerRecord.Kind.DEVELOPMENT;
  }

  @Override
  public String address() {
    return address;
  }

  @Override
  public @Nullable String key() {
    return null;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public WorkflowServiceStubs stubs() {
    return stubs;
  }

  @Override
  public void await() throws InterruptedException {
    process.waitFor();
  }

  @Override
  public void close() {
    stubs.shutdownNow();
    try {
      ProcessIdentity.of(process.toHandle()).end(END_GRACE);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
