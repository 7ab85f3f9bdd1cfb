package dev.backout.runbook.expression;

import java.util.HashSet;
import java.util.Set;

/**
 * What is known to hold at some place: conditions that were tested on the way there, steps that are
 * done, optional values that are there.
 */
public record Facts(Set<String> known) {
  public static final Facts NONE = new Facts(Set.of());

  public Facts {
    known = Set.copyOf(known);
  }

  public Facts and(Facts other) {
    Set<String> both = new HashSet<>(known);
    both.addAll(other.known);
    return new Facts(both);
  }

  Facts or(Facts other) {
    Set<String> shared = new HashSet<>(known);
    shared.retainAll(other.known);
    return new Facts(shared);
  }

  boolean contains(String fact) {
    return known.contains(fact);
  }

  boolean containsAll(Facts others) {
    return known.containsAll(others.known);
  }

  static Facts of(String fact) {
    return new Facts(Set.of(fact));
  }

  static String holds(String condition) {
    return "holds " + condition;
  }

  static String done(String step) {
    return "done " + step;
  }

  static String present(String path) {
    return "present " + path;
  }

  /** That a step did not fail: known nowhere, so that only {@code done} can stand in for it. */
  public static Facts succeeded(String step) {
    return of("succeeded " + step);
  }
}
