package dev.backout.action.alembic;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * What the project's Python is given to run. It travels as an argument, so that every place takes
 * it.
 */
final class Script {
  static final String TEXT = read();

  private Script() {}

  private static String read() {
    try (InputStream in = Script.class.getResourceAsStream("alembic_project.py")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
