package dev.backout.action.compose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An env file as it would be, for Compose to be asked what it would do with it. Only the worker's
 * user can read it, and it goes away.
 */
record EditedEnvironment(Path file) implements AutoCloseable {

  static EditedEnvironment of(String text) throws IOException {
    return new EditedEnvironment(Files.writeString(Files.createTempFile("backout-", ".env"), text));
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
