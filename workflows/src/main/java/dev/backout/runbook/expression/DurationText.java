package dev.backout.runbook.expression;

import dev.backout.runbook.Durations;
import java.time.Duration;
import java.util.Optional;

/** Durations as a run computes them: what a runbook may write, and negative ones. */
public final class DurationText {
  private DurationText() {}

  public static Optional<Duration> parse(String text) {
    return text.startsWith("-")
        ? Durations.parse(text.substring(1)).map(Duration::negated)
        : Durations.parse(text);
  }

  /** In milliseconds: what is finer is dropped. */
  public static String print(Duration duration) {
    return Durations.print(Duration.ofMillis(duration.toMillis()));
  }
}
