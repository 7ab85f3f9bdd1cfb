package dev.backout.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Backout of the demo's own inside the demo's directory: state, configuration, secrets and a
 * {@code backout} to go on with. Neither the user's own server nor another demo is touched.
 */
record DemoHome(Path directory) {
  private static final String MARK =
      "A demo of Backout lives here. `backout demo --clean` ends it.\n";

  /**
   * @throws IllegalArgumentException if something else is there already
   */
  static DemoHome create(Path directory) throws IOException {
    if (Files.exists(directory) && !isEmpty(directory)) {
      throw new IllegalArgumentException(
          directory
              + " should be empty or not exist yet, but has files in it. Name another directory; a"
              + " former demo's is removed by: backout demo --clean --directory "
              + directory);
    }
    Files.createDirectories(directory);
    DemoHome home = new DemoHome(directory.toRealPath());
    Path own = Files.createDirectories(home.own());
    Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("rwx------"));
    Files.writeString(home.mark(), MARK);
    return home;
  }

  /**
   * @throws IllegalArgumentException if no demo lives there: nothing else is ever removed
   */
  static DemoHome existing(Path directory) {
    DemoHome home = new DemoHome(directory.toAbsolutePath().normalize());
    if (!Files.isRegularFile(home.mark())) {
      throw new IllegalArgumentException(
          directory
              + " should be the directory of a demo, but there is none. Nothing was removed.");
    }
    return home;
  }

  private static boolean isEmpty(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.findAny().isEmpty();
    }
  }

  private Path own() {
    return directory.resolve(".backout");
  }

  private Path mark() {
    return own().resolve("demo");
  }

  DemoPeople people() {
    return new DemoPeople(own().resolve("keys"));
  }

  Path policy() {
    return own().resolve("config/backout/policy.yaml");
  }

  Path program() {
    return own().resolve("backout");
  }

  Path plan() {
    return directory.resolve("plan.json");
  }

  Path postmortem() {
    return directory.resolve("postmortem.html");
  }

  /** What the environment of a command must have to be this Backout's. */
  Map<String, String> environment() {
    Map<String, String> environment = new HashMap<>(people().environment());
    environment.put("XDG_STATE_HOME", own().resolve("state").toString());
    environment.put("XDG_CONFIG_HOME", own().resolve("config").toString());
    environment.put("BACKOUT_SERVER", "in-memory");
    return environment;
  }

  /** The whole environment: this process's, without what would lead to another server. */
  Map<String, String> wholeEnvironment() {
    Map<String, String> whole = new HashMap<>(System.getenv());
    whole.keySet().removeIf(name -> name.startsWith("TEMPORAL_"));
    whole.putAll(environment());
    return whole;
  }

  /**
   * The worker's own word: this directory and nothing else, who may decide, and the secrets.
   *
   * @param secrets by name
   */
  void configure(Map<String, String> secrets) throws IOException {
    Path config = own().resolve("config/backout");
    Path kept = Files.createDirectories(config.resolve("secrets"));
    Files.writeString(
        config.resolve("worker.yaml"), "allowedDirectories: [\"" + quoted(directory) + "\"]\n");
    people().introduce(config);
    for (Map.Entry<String, String> secret : secrets.entrySet()) {
      Path file = kept.resolve(secret.getKey());
      Files.writeString(file, secret.getValue());
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private static String quoted(Path path) {
    return path.toString().replace("\\", "\\\\").replace("\"", "\\\"");
  }

  /** Writes the program that runs this Backout. */
  void writeProgram(List<String> command) throws IOException {
    String exports =
        environment().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(entry -> "export " + entry.getKey() + "=" + shell(entry.getValue()) + "\n")
            .collect(Collectors.joining());
    String text =
        "#!/bin/sh\n# Backout with this demo's own server, state and secrets.\n"
            + "unset TEMPORAL_ADDRESS TEMPORAL_NAMESPACE TEMPORAL_PROFILE TEMPORAL_CONFIG_FILE\n"
            + exports
            + "exec "
            + command.stream().map(DemoHome::shell).collect(Collectors.joining(" "))
            + " \"$@\"\n";
    Files.write(program(), text.getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(program(), PosixFilePermissions.fromString("rwx------"));
  }

  private static String shell(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
