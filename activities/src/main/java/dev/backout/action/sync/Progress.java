package dev.backout.action.sync;

import dev.backout.action.ActionContext;
import dev.backout.action.Amounts;
import java.time.Duration;
import java.util.Locale;

/** How far a copy is, for whoever watches: rows, bytes, rate, and what is left. */
final class Progress {
  private static final long BETWEEN_NANOS = 200_000_000L;

  private final ActionContext context;
  private final long expected;
  private final long began = System.nanoTime();
  private long told = began;
  private long rows;
  private long bytes;

  /**
   * @param expected about how many rows there will be; negative if nobody knows
   */
  Progress(ActionContext context, long expected) {
    this.context = context;
    this.expected = expected;
  }

  void copied(long moreRows, long moreBytes, Object what) {
    rows += moreRows;
    bytes += moreBytes;
    tell(what);
  }

  void tell(Object what) {
    long now = System.nanoTime();
    if (now - told >= BETWEEN_NANOS) {
      told = now;
      context.heartbeat(text(what, Duration.ofNanos(now - began)));
    }
  }

  long rows() {
    return rows;
  }

  long bytes() {
    return bytes;
  }

  private String text(Object what, Duration taken) {
    double rate = rows / Math.max(0.001, taken.toNanos() / 1e9);
    String text =
        String.format(
            Locale.ROOT, "%s: %,d rows, %s, %,.0f rows/s", what, rows, Amounts.text(bytes), rate);
    return expected > rows && rate > 0
        ? String.format(
            Locale.ROOT,
            "%s, about %,.0f s left of %,d rows",
            text,
            (expected - rows) / rate,
            expected)
        : text;
  }
}
