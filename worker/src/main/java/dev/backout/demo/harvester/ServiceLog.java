package dev.backout.demo.harvester;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.temporal.ChronoUnit;

/** Appends lines like {@code 2026-01-01T12:00:00Z ERROR api: text} to the service's log. */
final class ServiceLog {
  private final Path file;
  private final String role;

  ServiceLog(Path file, String role) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    this.file = file;
    this.role = role;
  }

  void info(String text) {
    write("INFO", text);
  }

  void warn(String text) {
    write("WARN", text);
  }

  void error(String text) {
    write("ERROR", text);
  }

  private synchronized void write(String level, String text) {
    String line =
        Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS)
            + " "
            + level
            + " "
            + role
            + ": "
            + text.replaceAll("\\s+", " ")
            + "\n";
    try {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
