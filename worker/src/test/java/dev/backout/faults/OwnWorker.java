package dev.backout.faults;

import dev.backout.launch.OwnJava;
import dev.backout.signature.ThrowAwayKey;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A worker with directories and a configuration of its own, in a process of its own. */
final class OwnWorker implements AutoCloseable {
  private static final String READY = "Ctrl-C ends it";

  private final Path root;
  private final Map<String, String> environment;
  private List<String> java = OwnJava.command("-Xmx256m");
  private @Nullable Process process;

  private OwnWorker(Path root, Map<String, String> environment) {
    this.root = root;
    this.environment = environment;
  }

  /**
   * Not started yet.
   *
   * @param allowed the directory that it may touch
   */
  static OwnWorker layOut(Path root, TemporalServer server, String queue, Path allowed)
      throws IOException {
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("TEMPORAL_"));
    environment.put("XDG_STATE_HOME", root.resolve("state").toString());
    environment.put("XDG_CONFIG_HOME", root.resolve("config").toString());
    environment.put("TEMPORAL_ADDRESS", server.address());
    environment.put("BACKOUT_TASK_QUEUE", queue);
    environment.put("NO_COLOR", "1");
    Files.createDirectories(root.resolve("config/backout"));
    Files.writeString(
        root.resolve("config/backout/worker.yaml"),
        "allowedDirectories: [\"" + allowed + "\"]\nallowedPrograms: [sh]\n");
    return new OwnWorker(root, environment);
  }

  /** Whoever types commands on its machine. */
  Person person() {
    return new Person(environment);
  }

  Path state() {
    return root.resolve("state/backout");
  }

  Path config(String name) {
    return root.resolve("config/backout").resolve(name);
  }

  /** Whoever has a key of their own that its policy knows. */
  String key(String name) {
    return root.resolve("keys").resolve(name).resolve("id_ed25519").toString();
  }

  /** From now on only what these have signed counts; all of them are in the group oncall. */
  void policy(List<String> names) throws IOException {
    StringBuilder signers = new StringBuilder();
    for (String name : names) {
      Path home = Files.createDirectories(root.resolve("keys").resolve(name));
      signers.append(name).append(' ').append(ThrowAwayKey.create(home).publicKeyLine());
      signers.append('\n');
    }
    Files.writeString(config("allowed_signers"), signers);
    Files.writeString(
        config("policy.yaml"),
        """
        apiVersion: backout/v1
        requireVerified: true
        groups:
          oncall: [%s]
        start:
          - { who: group:oncall }
        decide:
          - { who: group:oncall, choices: "*" }
        """
            .formatted(String.join(", ", names)));
  }

  /**
   * As one of an older release, whose catalog of actions is another one.
   *
   * @param classes a directory with that catalog
   */
  OwnWorker lacking(Path classes) {
    java = new ArrayList<>(java);
    java.set(java.size() - 1, classes + File.pathSeparator + java.get(java.size() - 1));
    return this;
  }

  OwnWorker start() throws IOException, InterruptedException {
    Path log = root.resolve("worker.log");
    List<String> command = new ArrayList<>(java);
    command.addAll(List.of("dev.backout.cli.Backout", "worker"));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process started = builder.start();
    process = started;
    while (!Files.readString(log).contains(READY)) {
      if (!started.isAlive()) {
        throw new AssertionError("The worker has ended: " + Files.readString(log));
      }
      Thread.sleep(50);
    }
    return this;
  }

  /** With SIGKILL. */
  void kill() throws InterruptedException {
    if (process != null) {
      process.destroyForcibly().waitFor();
    }
  }

  String log() throws IOException {
    return Files.readString(root.resolve("worker.log"));
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
