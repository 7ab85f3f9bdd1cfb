package dev.backout.machine;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What a process finds around it: the environment, the home directory, programs on the PATH. */
public record Machine(Map<String, String> environment, Path home) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  public static Machine here() {
    return new Machine(System.getenv(), Path.of(System.getProperty("user.home")));
  }

  public Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  /** A program, if it is on the PATH. */
  public Optional<Path> program(String name) {
    return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public ProcessBuilder process(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  /** What a program prints, if it is there, answers soon, and succeeds. Asks nobody anything. */
  public Optional<String> ask(String name, String... arguments) {
    return ask(PATIENCE, name, arguments);
  }

  /** The same where it is to answer sooner or may later. */
  public Optional<String> ask(Duration patience, String name, String... arguments) {
    Optional<Path> program = program(name);
    if (program.isEmpty()) {
      return Optional.empty();
    }
    List<String> command =
        Stream.concat(Stream.of(program.get().toString()), Stream.of(arguments)).toList();
    try {
      Path answer = Files.createTempFile("backout-", ".out");
      try {
        return ask(command, answer, patience);
      } finally {
        Files.delete(answer);
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Into a file, not a pipe: a program that hangs, or leaves a child behind, can then be left. */
  private Optional<String> ask(List<String> command, Path answer, Duration patience)
      throws IOException {
    Process process =
        process(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(answer.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      boolean succeeded =
          process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS) && process.exitValue() == 0;
      return succeeded
          ? Optional.of(Files.readString(answer, StandardCharsets.UTF_8).strip())
          : Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }
}
