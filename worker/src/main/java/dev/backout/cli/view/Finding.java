package dev.backout.cli.view;

import org.jspecify.annotations.Nullable;

/**
 * One thing that was looked at.
 *
 * @param found what is there, as a sentence
 * @param advice how to get what is missing; null if nothing is
 */
public record Finding(String name, Verdict verdict, String found, @Nullable String advice) {

  /** How it stands. */
  public enum Verdict {
    GOOD,
    /** Missing, and nothing needs it now. */
    OPTIONAL,
    /** Missing or broken, and needed. */
    BAD
  }
}
