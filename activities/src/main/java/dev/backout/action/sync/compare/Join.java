package dev.backout.action.sync.compare;

import dev.backout.action.sync.compare.Fingerprint.Print;

/**
 * The rows of one side by their keys, in plain arrays: 37 to 74 bytes for each that is told apart,
 * and half as much again for the moment in which they grow. Rows that nothing tells apart are
 * counted.
 */
final class Join {
  private static final int CHANGED = -1;

  private static final int SMALLEST = 1 << 10;

  private long[] keys = new long[2 * SMALLEST];
  private long[] rows = new long[2 * SMALLEST];
  private int[] left = new int[SMALLEST];
  private boolean[] taken = new boolean[SMALLEST];
  private int count;

  /** How a row is on the other side. */
  enum Found {
    NOWHERE,
    SAME,
    OTHERWISE,
    /** Its key was there before. */
    TWICE
  }

  private int slot(Print key) {
    int mask = taken.length - 1;
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
    set(slot, key, row, 1);
    if (++count > taken.length / 2) {
      grow();
    }
    return Found.NOWHERE;
  }

  private void set(int slot, Print key, Print row, int times) {
    taken[slot] = true;
    keys[2 * slot] = key.high();
    keys[2 * slot + 1] = key.low();
    rows[2 * slot] = row.high();
    rows[2 * slot + 1] = row.low();
    left[slot] = times;
  }

  private void grow() {
    long[] formerKeys = keys;
    long[] formerRows = rows;
    int[] formerLeft = left;
    boolean[] formerTaken = taken;
    int size = 2 * formerTaken.length;
    keys = new long[2 * size];
    rows = new long[2 * size];
    left = new int[size];
    taken = new boolean[size];
    for (int i = 0; i < formerTaken.length; i++) {
      if (formerTaken[i]) {
        Print key = new Print(formerKeys[2 * i], formerKeys[2 * i + 1]);
        set(slot(key), key, new Print(formerRows[2 * i], formerRows[2 * i + 1]), formerLeft[i]);
      }
    }
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
