package dev.backout.action.sync.compare;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Values one after the other as bytes that are the same exactly if the values are: each begins with
 * what it is and how long.
 */
final class Encoding {
  private byte[] bytes = new byte[1024];
  private int length;

  void clear() {
    length = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void nothing() {
    put('0', 0);
  }

  void text(byte[] from, int start, int count) {
    put('t', count);
    append(from, start, count);
  }

  void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    text(utf8, 0, utf8.length);
  }

  void bytes(byte[] value) {
    put('x', value.length);
    append(value, 0, value.length);
  }

  /**
   * @param tag what the number is: a day, a moment, a truth
   */
  void number(char tag, long value) {
    put(tag, 8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  void named(char tag, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    put(tag, utf8.length);
    append(utf8, 0, utf8.length);
  }

  private void put(char tag, int count) {
    reserve(5 + (long) count);
    bytes[length++] = (byte) tag;
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (count >>> shift);
    }
  }

  private void append(byte[] from, int start, int count) {
    System.arraycopy(from, start, bytes, length, count);
    length += count;
  }

  private void reserve(long more) {
    long needed = length + more;
    if (needed > bytes.length) {
      bytes =
          Arrays.copyOf(
              bytes, (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, 2L * bytes.length)));
    }
  }
}
