package dev.backout.action.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.backout.action.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What stands beside a dump, so that it can be trusted later and compared with what is restored.
 *
 * @param takenAt of the snapshot that the dump holds: RFC 3339
 * @param size in bytes
 * @param sha256 as {@link Durable#sha256} has it
 * @param locale of the database; null where the manifest is another's
 * @param rows of each table, by SCHEMA.TABLE; null if they weren't counted
 */
record DumpManifest(
    String database,
    String takenAt,
    String serverVersion,
    String clientVersion,
    String format,
    long size,
    String sha256,
    @Nullable Locale locale,
    @Nullable Map<String, Long> rows) {
  private static final String SUFFIX = ".manifest.json";

  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  /**
   * How the database holds and sorts text.
   *
   * @param provider {@code icu} or {@code builtin}; null for the operating system
   * @param name of the provider's locale; null without a provider
   */
  record Locale(
      String encoding,
      String collate,
      String ctype,
      @Nullable String provider,
      @Nullable String name) {}

  static Path of(Path dump) {
    return dump.resolveSibling(dump.getFileName() + SUFFIX);
  }

  /**
   * Empty if there is none.
   *
   * @throws IOException if it can't be read as one
   */
  static Optional<DumpManifest> read(Path dump) throws IOException {
    Path file = of(dump);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      DumpManifest manifest = JSON.readValue(Files.readString(file), DumpManifest.class);
      if (manifest.sha256() == null || manifest.takenAt() == null) {
        throw new IOException("its manifest " + file + " has no sha256 or takenAt");
      }
      return Optional.of(manifest);
    } catch (JsonProcessingException e) {
      throw new IOException(
          "its manifest " + file + " can't be read: " + e.getOriginalMessage(), e);
    }
  }

  /** Durably, and at once or not at all. */
  void write(Path dump) throws IOException {
    Path file = of(dump);
    Path draft = file.resolveSibling("." + file.getFileName() + ".part");
    byte[] bytes =
        (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n")
            .getBytes(StandardCharsets.UTF_8);
    Files.write(draft, bytes);
    Disk.sync(draft);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
