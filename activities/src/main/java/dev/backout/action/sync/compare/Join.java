package dev.backout.action.sync.compare;

import dev.backout.action.sync.compare.Fingerprint.Print;

/**
 * The rows of one side by their keys, in plain arrays: 80 bytes a row at most. Rows that nothing
 * tells apart are counted.
 */
final class Join {
  private static final int CHANGED = -1;

  private final long[] keys;
  private final long[] rows;
  private final int[] left;
  private final boolean[] taken;
  private final int mask;

  /**
   * @param most how many rows there may be
   */
  Join(long most) {
    int size = Integer.highestOneBit((int) Math.max(8, most)) * 4;
    this.mask = size / 2 - 1;
    this.keys = new long[size];
    this.rows = new long[size];
    this.left = new int[size / 2];
    this.taken = new boolean[size / 2];
  }

  /** How a row is on the other side. */
  enum Found {
    NOWHERE,
    SAME,
    OTHERWISE,
    /** Its key was there before. */
    TWICE
  }

  private int slot(Print key) {
    int slot = (int) key.low() & mask;
    while (taken[slot] && (keys[2 * slot] != key.high() || keys[2 * slot + 1] != key.low())) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private boolean holds(int slot, Print row) {
    return rows[2 * slot] == row.high() && rows[2 * slot + 1] == row.low();
  }

  /** A row of the first side; {@code TWICE} if another has its key. */
  Found put(Print key, Print row) {
    int slot = slot(key);
    if (taken[slot]) {
      left[slot]++;
      return key.equals(row) ? Found.NOWHERE : Found.TWICE;
    }
    taken[slot] = true;
    keys[2 * slot] = key.high();
    keys[2 * slot + 1] = key.low();
    rows[2 * slot] = row.high();
    rows[2 * slot + 1] = row.low();
    left[slot] = 1;
    return Found.NOWHERE;
  }

  /** Where a row of the second side is on the first. */
  Found match(Print key, Print row) {
    int slot = slot(key);
    if (!taken[slot]) {
      return Found.NOWHERE;
    }
    if (left[slot] <= 0) {
      return key.equals(row) ? Found.NOWHERE : Found.TWICE;
    }
    if (holds(slot, row)) {
      left[slot]--;
      return Found.SAME;
    }
    left[slot] = CHANGED;
    return Found.OTHERWISE;
  }

  /** Where a row of the first side was on the second; it is asked once for each row. */
  Found leftover(Print key) {
    int slot = slot(key);
    if (left[slot] == CHANGED) {
      return Found.OTHERWISE;
    }
    if (left[slot] > 0) {
      left[slot]--;
      return Found.NOWHERE;
    }
    return Found.SAME;
  }
}
