package dev.backout.cli.view;

import java.time.ZoneId;

/**
 * How a terminal, a pipe or a file wants its text.
 *
 * @param width in cells
 * @param unicode whether more than ASCII can be shown
 * @param zone of the times that people read
 */
public record Look(int width, boolean colour, boolean unicode, ZoneId zone) {
  /** Narrower than this nothing is laid out any more: lines are longer than the terminal then. */
  private static final int NARROWEST = 24;

  public Look {
    width = Math.max(NARROWEST, width);
  }

  public Look withWidth(int other) {
    return new Look(other, colour, unicode, zone);
  }

  /** Whether there is room for more than the most important column. */
  boolean isWide() {
    return width >= 60;
  }
}
