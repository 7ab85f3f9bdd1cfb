package dev.backout.action.postgres;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A dump whose table of contents can be read, and which is the one that its manifest speaks of.
 *
 * @param manifest null if it has none
 */
record Dump(Archive archive, String sha256, @Nullable DumpManifest manifest) {

  /**
   * @param wanted the hash that it must have; null for its manifest's
   */
  static Dump examined(Path path, @Nullable String wanted, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    if (!Archive.mayBe(path)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "There is no dump " + path + ". Look with postgres.findBackup for one that is there.");
    }
    DumpManifest manifest = manifest(path);
    String sha256 = Durable.sha256(path, context);
    if (manifest != null) {
      requireHash(path, sha256, manifest.sha256(), "its manifest says");
    }
    if (wanted != null) {
      requireHash(path, sha256, wanted, "was asked for");
    }
    return new Dump(Archive.of(path, context), sha256, manifest);
  }

  private static @Nullable DumpManifest manifest(Path path) throws ActionException {
    try {
      return DumpManifest.read(path).orElse(null);
    } catch (IOException e) {
      throw new ActionException(
          Kind.PERMANENT, path + " can't be trusted: " + e.getMessage() + ".", e);
    }
  }

  private static void requireHash(Path path, String found, String wanted, String whose)
      throws ActionException {
    if (!found.equalsIgnoreCase(wanted)) {
      throw new ActionException(
          Kind.PERMANENT,
          path
              + " is not what it was: its SHA-256 is "
              + found
              + ", and "
              + wanted
              + " "
              + whose
              + ". Nothing was restored. Choose another dump.");
    }
  }

  /** Of which instant its data is; empty if it has no manifest that says so. */
  Optional<Instant> takenAt() {
    try {
      return manifest == null
          ? Optional.empty()
          : Optional.of(OffsetDateTime.parse(manifest.takenAt()).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Those of its manifest, if it has counted them. */
  Optional<Map<String, Long>> rows() {
    return manifest == null ? Optional.empty() : Optional.ofNullable(manifest.rows());
  }
}
