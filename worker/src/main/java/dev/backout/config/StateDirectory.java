package dev.backout.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Where this machine's Backout keeps what it must remember. Only its owner may look into it: the
 * record of a rollback says much about a system, and {@code server.json} holds the server's key.
 */
public record StateDirectory(Path root) {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  public Path serverFile() {
    return root.resolve("server.json");
  }

  /** Held by whoever is starting or stopping the background server. */
  public Path serverLock() {
    return root.resolve("server.lock");
  }

  public Path serverLog() {
    return root.resolve("server.log");
  }

  public Path journal() {
    return root.resolve("journal.db");
  }

  public Path archive() {
    return root.resolve("archive");
  }

  public Path evidence() {
    return root.resolve("evidence");
  }

  /** The database of Temporal's development server. */
  public Path temporalDatabase() {
    return root.resolve("temporal.db");
  }

  /**
   * Makes the directory, mode 0700, where it is missing, and sees that it can be written.
   *
   * @throws ConfigurationException if it can't be used
   */
  public StateDirectory prepare() {
    try {
      Files.createDirectories(root);
      Files.setPosixFilePermissions(root, OWNER_ONLY);
      Files.delete(Files.createTempFile(root, ".writable", null));
      return this;
    } catch (IOException | UnsupportedOperationException e) {
      throw new ConfigurationException(
          "Backout keeps its state in "
              + root
              + " and needs to write there, but can't ("
              + reason(e)
              + "). Make it writable for you, or name another place with XDG_STATE_HOME.",
          e);
    }
  }

  private static String reason(Exception e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }
}
