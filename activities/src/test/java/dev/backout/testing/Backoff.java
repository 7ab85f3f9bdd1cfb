package dev.backout.testing;

import java.util.concurrent.TimeUnit;

/**
 * The pauses of somebody who looks again and again: short at first, longer the longer it takes, so
 * that ten who wait for a minute leave the machine to what they wait for.
 */
public final class Backoff {
  private static final long SHORTEST_MILLIS = 50;
  private static final long LONGEST_MILLIS = 1_000;

  private long millis = SHORTEST_MILLIS;

  public void pause() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
    lengthen();
  }

  /** The next pause, for whoever waits for something else meanwhile. */
  public long millis() {
    return millis;
  }

  public void lengthen() {
    millis = Math.min(millis * 5 / 4, LONGEST_MILLIS);
  }

  /** Something has happened. */
  public void reset() {
    millis = SHORTEST_MILLIS;
  }
}
