package dev.backout.action.sync.compare;

import dev.backout.action.Sha256;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;

/**
 * What stands for a row and for its key: 128 bits each of a SHA-256 of their canonical form. Made
 * once for a scan, and used for each row.
 */
final class Fingerprint {
  private static final int WHOLE_NUMBER = 13;

  private final List<Meaning> meanings;
  private final int keys;
  private final Encoding encoding = new Encoding();
  private final MessageDigest digest;
  private final byte[] sum = new byte[32];
  private Print key = Print.ZERO;
  private Print row = Print.ZERO;
  private long number;
  private boolean numbered;

  Fingerprint(Pair pair) {
    this.meanings = pair.columns().stream().map(Pair.Compared::meaning).toList();
    this.keys = pair.keys();
    this.digest = Sha256.digest();
  }

  void of(Row next) throws SQLException {
    encoding.clear();
    boolean told = keys > 0;
    for (int i = 0; i < keys; i++) {
      int start = encoding.length();
      next.encode(i, meanings.get(i), encoding);
      told &= encoding.bytes()[start] != '0';
    }
    int keyEnds = encoding.length();
    numbered = keys == 1 && keyEnds == WHOLE_NUMBER && encoding.bytes()[0] == 'i';
    number = numbered ? whole(encoding.bytes()) : 0;
    for (int i = keys; i < meanings.size(); i++) {
      next.encode(i, meanings.get(i), encoding);
    }
    row = print(encoding.length());
    // Rows with a null in their key are not told apart by it.
    key = told ? print(keyEnds) : row;
  }

  /** Of the key, or of the whole row if nothing tells rows apart. */
  Print key() {
    return key;
  }

  Print row() {
    return row;
  }

  /** The key, if it is one whole number. */
  OptionalLong number() {
    return numbered ? OptionalLong.of(number) : OptionalLong.empty();
  }

  /** A hash for each column, to tell later in which two rows differ. */
  static int[] columns(Pair pair, Row row) throws SQLException {
    int[] hashes = new int[pair.columns().size()];
    Encoding encoding = new Encoding();
    for (int i = 0; i < hashes.length; i++) {
      encoding.clear();
      row.encode(i, pair.columns().get(i).meaning(), encoding);
      hashes[i] =
          java.util.Arrays.hashCode(java.util.Arrays.copyOf(encoding.bytes(), encoding.length()));
    }
    return hashes;
  }

  private static long whole(byte[] bytes) {
    return number(bytes, WHOLE_NUMBER - 8);
  }

  private static long number(byte[] bytes, int from) {
    long number = 0;
    for (int i = from; i < from + 8; i++) {
      number = number << 8 | (bytes[i] & 0xff);
    }
    return number;
  }

  private Print print(int length) {
    digest.update(encoding.bytes(), 0, length);
    try {
      digest.digest(sum, 0, sum.length);
    } catch (java.security.DigestException e) {
      throw new AssertionError("SHA-256 has 32 bytes", e);
    }
    return new Print(number(sum, 0), number(sum, 8));
  }

  /** 128 bits. */
  record Print(long high, long low) implements Comparable<Print> {
    static final Print ZERO = new Print(0, 0);

    @Override
    public int compareTo(Print other) {
      int order = Long.compareUnsigned(high, other.high);
      return order == 0 ? Long.compareUnsigned(low, other.low) : order;
    }

    /** As numbers, so that the order of rows doesn't count. */
    Print plus(Print other) {
      long sum = low + other.low;
      long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
      return new Print(high + other.high + carry, sum);
    }

    @Override
    public String toString() {
      return String.format("%016x%016x", high, low);
    }
  }
}
