package dev.backout.action.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A directory of this worker's own, for as long as something is examined. */
final class Scratch implements AutoCloseable {
  private final Path directory;

  Scratch() throws IOException {
    this.directory = Files.createTempDirectory("backout-sqlite-");
  }

  Path directory() {
    return directory;
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.delete(directory);
  }
}
