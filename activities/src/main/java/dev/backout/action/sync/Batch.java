package dev.backout.action.sync;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Some rows on their way, as one array of values. */
final class Batch {
  static final int MOST_ROWS = 1000;
  static final long MOST_BYTES = 1 << 19;

  private final Load load;
  private final int width;
  private final @Nullable Object[] values;
  private int rows;
  private long bytes;

  Batch(Load load) {
    this.load = load;
    this.width = load.pairs().size();
    this.values = new Object[Math.max(1, Math.min(MOST_ROWS, 50_000 / Math.max(1, width))) * width];
  }

  Load load() {
    return load;
  }

  @Nullable Object[] values() {
    return values;
  }

  int rows() {
    return rows;
  }

  long bytes() {
    return bytes;
  }

  /** Where the next row goes. */
  int end() {
    return rows * width;
  }

  /** The next row is there. */
  void added(long size) {
    rows++;
    bytes += size;
  }

  boolean isFull() {
    return end() == values.length || bytes >= MOST_BYTES;
  }

  /** One row's key, for a person. */
  String describe(int row) {
    return RowText.of(
        load.match(), load.pairs(), Arrays.asList(values).subList(row * width, (row + 1) * width));
  }
}
