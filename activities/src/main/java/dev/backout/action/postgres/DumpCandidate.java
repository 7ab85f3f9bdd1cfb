package dev.backout.action.postgres;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What may be a dump.
 *
 * @param takenAt by its manifest or, without one that can be read, when it was last written to
 */
record DumpCandidate(Path path, Instant takenAt) {
  private static final Duration LONGEST = Duration.ofHours(4);

  /**
   * @param dump null if it can't be used
   * @param why it can't; null if it can
   */
  record Examined(@Nullable Dump dump, @Nullable String why) {}

  /** Newest first; of two of the same instant, the later name. */
  static List<DumpCandidate> in(Path directory, List<String> patterns)
      throws IOException, ActionException {
    if (!Files.isDirectory(directory)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "There is no directory " + directory + ". Name the one that holds the dumps.");
    }
    List<PathMatcher> matchers =
        patterns.stream()
            .map(pattern -> FileSystems.getDefault().getPathMatcher("glob:" + pattern))
            .toList();
    List<DumpCandidate> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        boolean named = matchers.stream().anyMatch(each -> each.matches(file.getFileName()));
        if (named && Archive.mayBe(file)) {
          found.add(new DumpCandidate(file, momentOf(file)));
        }
      }
    }
    found.sort(
        Comparator.comparing(DumpCandidate::takenAt)
            .thenComparing(each -> each.path().toString())
            .reversed());
    return found;
  }

  private static Instant momentOf(Path file) throws IOException {
    Instant written = Files.getLastModifiedTime(file).toInstant();
    try {
      Optional<DumpManifest> manifest = DumpManifest.read(file);
      return manifest.isPresent() ? Instant.parse(manifest.get().takenAt()) : written;
    } catch (IOException | DateTimeParseException e) {
      // Why it can't be read is said when it is examined.
      return written;
    }
  }

  Examined examine(FindDump.Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    try {
      Dump dump = Dump.examined(path, null, context);
      Optional<String> defect = defect(dump, input);
      if (defect.isPresent()) {
        return new Examined(null, defect.get());
      }
      if (dump.manifest() == null) {
        dump.archive().readAll(LONGEST, context);
      }
      return new Examined(dump, null);
    } catch (ActionException e) {
      if (e.kind() == Kind.PERMANENT && !e.getMessage().contains("There is no program")) {
        return new Examined(null, e.getMessage());
      }
      throw e;
    }
  }

  private static Optional<String> defect(Dump dump, FindDump.Input input) {
    Archive archive = dump.archive();
    if (dump.manifest() == null && !input.withoutManifest()) {
      return Optional.of("it has no manifest");
    }
    if (input.database() != null && !archive.database().equals(input.database())) {
      return Optional.of("it is of the database " + archive.database());
    }
    List<String> missing =
        input.expectedTables().stream().filter(table -> !archive.hasTable(table)).toList();
    return missing.isEmpty()
        ? Optional.empty()
        : Optional.of("it has no table " + String.join(", ", missing));
  }
}
