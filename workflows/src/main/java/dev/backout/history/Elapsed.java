package dev.backout.history;

import java.time.Duration;
import java.time.Instant;

/** How long something took by the clocks that were there. */
public final class Elapsed {
  private Elapsed() {}

  /** Zero where a clock was set back in between, or one machine's is behind another's. */
  public static Duration between(Instant from, Instant to) {
    Duration elapsed = Duration.between(from, to);
    return elapsed.isNegative() ? Duration.ZERO : elapsed;
  }
}
