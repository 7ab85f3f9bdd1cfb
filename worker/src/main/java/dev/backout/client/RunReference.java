package dev.backout.client;

import dev.backout.archive.RunSummary;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What people write for a run: {@code @latest}, a run id or the beginning of one, a target. */
final class RunReference {
  static final String LATEST = "@latest";
  private static final int SHORTEST_PREFIX = 4;

  private RunReference() {}

  /**
   * @param runs all that there are, newest first
   * @throws UnknownRunException if none is meant, or more than one
   */
  static RunSummary resolve(String text, List<RunSummary> runs) {
    List<RunSummary> own = runs.stream().filter(run -> run.parentRunId() == null).toList();
    if (text.equals(LATEST)) {
      return own.stream()
          .findFirst()
          .orElseThrow(
              () -> new UnknownRunException("There is no run yet: `backout run FILE` starts one."));
    }
    // Exact names first, so that a target named like the beginning of a run id is reachable.
    Optional<RunSummary> named =
        runs.stream()
            .filter(run -> run.runId().equals(text))
            .findFirst()
            .or(() -> own.stream().filter(run -> run.target().equals(text)).findFirst());
    return named.orElseGet(() -> byPrefix(text, runs));
  }

  private static RunSummary byPrefix(String text, List<RunSummary> runs) {
    List<RunSummary> matching =
        text.length() < SHORTEST_PREFIX
            ? List.of()
            : runs.stream().filter(run -> run.runId().startsWith(text)).toList();
    if (matching.size() == 1) {
      return matching.get(0);
    }
    throw new UnknownRunException(
        matching.isEmpty() ? unknown(text, runs) : ambiguous(text, matching));
  }

  private static String ambiguous(String text, List<RunSummary> matching) {
    return "\""
        + text
        + "\" is the beginning of "
        + matching.size()
        + " runs; write more of the one you mean: "
        + String.join(", ", matching.stream().limit(5).map(RunReference::shown).toList())
        + ".";
  }

  private static String unknown(String text, List<RunSummary> runs) {
    if (runs.isEmpty()) {
      return "There is no run \"" + text + "\", nor any other: `backout run FILE` starts one.";
    }
    String tooShort =
        text.length() < SHORTEST_PREFIX
            ? " (the beginning of a run id needs at least " + SHORTEST_PREFIX + " characters)"
            : "";
    String suggestion =
        nearest(text, runs)
            .map(name -> " Did you mean " + name + "?")
            .orElse(" `backout runs` lists what there is; `@latest` is the newest.");
    return "There is no run, run id or target \"" + text + "\"" + tooShort + "." + suggestion;
  }

  private static Optional<String> nearest(String text, List<RunSummary> runs) {
    return runs.stream()
        .flatMap(run -> List.of(run.target(), run.runId()).stream())
        .distinct()
        .filter(name -> distance(text, start(name, text)) <= Math.max(1, text.length() / 3))
        .min(Comparator.comparingInt(name -> distance(text, start(name, text))));
  }

  private static String start(String name, String text) {
    return name.substring(0, Math.min(name.length(), text.length() + 1));
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }

  private static String shown(RunSummary run) {
    return run.runId() + " (" + run.target() + ", " + run.startedAt() + ")";
  }
}
