package dev.backout.runbook;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** "Did you mean": the known word that a mistyped one is nearest to. */
public final class Suggestion {
  private Suggestion() {}

  /** Nothing if no word is near enough to be meant. Case, {@code _} and {@code -} count nothing. */
  public static Optional<String> nearest(String typed, Collection<String> known) {
    if (typed.length() > 80) {
      return Optional.empty();
    }
    String wanted = plain(typed);
    int farthest = wanted.length() <= 3 ? 1 : wanted.length() <= 7 ? 2 : 3;
    LevenshteinDistance distance = new LevenshteinDistance(farthest);
    record Candidate(String word, int distance) {}
    return known.stream()
        .map(word -> new Candidate(word, distance.apply(wanted, plain(word))))
        .filter(candidate -> candidate.distance() >= 0)
        .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::word))
        .map(Candidate::word);
  }

  private static String plain(String word) {
    return word.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
  }
}
