package dev.backout.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.config.StateDirectory;
import dev.backout.plan.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code server.json} says of the background server.
 *
 * @param instance differs between any two starts, so that runs of an earlier in-memory server are
 *     told apart
 * @param key what callers must bring; null for the development server, which can't ask for one
 */
public record ServerRecord(
    String instance,
    Kind kind,
    String address,
    @Nullable String key,
    long pid,
    Instant processStartedAt,
    String version,
    Instant startedAt) {

  public enum Kind {
    /** Runs end with the process; their record stays in the archive. */
    IN_MEMORY,
    /** {@code temporal server start-dev} with a database file. */
    DEVELOPMENT
  }

  /** Of a server that this process holds. */
  static ServerRecord of(LocalServer server, String instance) {
    ProcessIdentity self = ProcessIdentity.of(ProcessHandle.current());
    return new ServerRecord(
        instance,
        server.kind(),
        server.address(),
        server.key(),
        self.pid(),
        self.startedAt(),
        server.version(),
        Instant.now());
  }

  ProcessIdentity process() {
    return new ProcessIdentity(pid, processStartedAt);
  }

  /** Empty if there is none, or none that can be read: both mean that nothing is known to run. */
  static Optional<ServerRecord> read(StateDirectory state) {
    try {
      JsonNode json = Json.MAPPER.readTree(state.serverFile().toFile());
      return Optional.of(Json.MAPPER.treeToValue(json, ServerRecord.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  void write(StateDirectory state) throws IOException {
    Path beside =
        Files.createTempFile(
            state.root(),
            "server",
            ".json",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.write(beside, Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    Files.move(
        beside,
        state.serverFile(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
