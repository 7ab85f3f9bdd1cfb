package dev.backout.action.sync.compare;

import dev.backout.action.sync.compare.Fingerprint.Print;
import java.util.BitSet;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Into which part of a table a row falls: by ranges of a key that is a whole number, which an index
 * finds again; else by the key's hash.
 */
sealed interface Partition {
  int PARTS = 16_384;

  int part(Fingerprint row);

  /** A range in which all of these parts are; null if there is none. */
  Reader.@Nullable Span span(BitSet parts, String column);

  /** Of a key's hash. */
  record ByHash() implements Partition {
    @Override
    public int part(Fingerprint row) {
      Print key = row.key();
      return (int) (key.high() >>> 32) & (PARTS - 1);
    }

    @Override
    public Reader.@Nullable Span span(BitSet parts, String column) {
      return null;
    }
  }

  /**
   * Of a key that is a whole number.
   *
   * @param first the least key of both sides
   * @param width how many keys a part may hold
   */
  record ByRange(long first, long width) implements Partition {
    static ByRange of(long first, long last) {
      return new ByRange(first, (last - first) / PARTS + 1);
    }

    /** Whether the numbers between them can be counted. */
    static boolean isFor(long first, long last) {
      long span = last - first;
      return span >= 0 && span < Long.MAX_VALUE / 2;
    }

    @Override
    public int part(Fingerprint row) {
      OptionalLong number = row.number();
      return number.isEmpty() ? 0 : (int) ((number.getAsLong() - first) / width);
    }

    long from(int part) {
      return first + part * width;
    }

    @Override
    public Reader.Span span(BitSet parts, String column) {
      return new Reader.Span(
          column, from(parts.nextSetBit(0)), from(parts.length() - 1) + width - 1);
    }
  }
}
