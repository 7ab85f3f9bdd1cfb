package dev.backout.benchmark;

import dev.backout.action.SecretStore;
import dev.backout.action.StepCall;
import dev.backout.action.WorkerContext;
import dev.backout.action.WorkerLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A directory on the disk that the repository is on, as a temporary directory may be memory; gone
 * when closed.
 */
record Scratch(Path home) implements AutoCloseable {
  /** Each act has evidence of its own. */
  private static final AtomicInteger ATTEMPTS = new AtomicInteger();

  static Scratch make(String name) throws IOException {
    return new Scratch(
        Files.createTempDirectory(Path.of("").toAbsolutePath(), "." + name + "-benchmark-"));
  }

  /** What an action needs that may touch only this directory. */
  WorkerContext context() {
    return new WorkerContext(
        new StepCall("benchmark", "benchmark", "benchmark", "act", ATTEMPTS.incrementAndGet()),
        new SecretStore(Map.of(), home, null, List.of()),
        new WorkerLimits(List.of(home), List.of(), home),
        progress -> {});
  }

  /** A file that isn't there. */
  Path without(String name) throws IOException {
    Path file = home.resolve(name);
    Files.deleteIfExists(file);
    return file;
  }

  void clear() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(home)) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    clear();
    Files.delete(home);
  }
}
