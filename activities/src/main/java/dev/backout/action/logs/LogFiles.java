package dev.backout.action.logs;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the files of a log, the oldest first. */
final class LogFiles {
  /**
   * What rotation appends: {@code .1}, {@code -20260301}, {@code .2026-03-01}; maybe compressed.
   */
  private static final Pattern ROTATED =
      Pattern.compile("(?:[.-][0-9][0-9-]*)?(?:\\.gz)?", Pattern.CASE_INSENSITIVE);

  private LogFiles() {}

  /**
   * @param file a log, whose name may be a glob pattern
   * @param since files that were last written to before can't hold anything later
   */
  static List<Path> find(Path file, boolean rotated, @Nullable Instant since)
      throws IOException, ActionException {
    Path directory = file.toAbsolutePath().getParent();
    if (directory == null || !Files.isDirectory(directory)) {
      throw missing(file);
    }
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + file.getFileName());
    List<Dated> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path each : files) {
        if (Files.isRegularFile(each) && isWanted(each, file, matcher, rotated)) {
          found.add(new Dated(each, Files.getLastModifiedTime(each).toInstant()));
        }
      }
    }
    if (found.isEmpty()) {
      throw missing(file);
    }
    found.removeIf(each -> since != null && each.modified().isBefore(since));
    found.sort(Comparator.comparing(Dated::modified).thenComparing(Dated::path));
    return found.stream().map(Dated::path).toList();
  }

  private static boolean isWanted(Path each, Path file, PathMatcher matcher, boolean rotated) {
    String name = each.getFileName().toString();
    String wanted = file.getFileName().toString();
    if (name.equals(wanted) || matcher.matches(each.getFileName())) {
      return true;
    }
    return rotated
        && name.startsWith(wanted)
        && ROTATED.matcher(name.substring(wanted.length())).matches();
  }

  private static ActionException missing(Path file) {
    return new ActionException(
        Kind.PERMANENT,
        "There is no log " + file + ". Correct the path; a log that is missing proves nothing.");
  }

  private record Dated(Path path, Instant modified) {}
}
