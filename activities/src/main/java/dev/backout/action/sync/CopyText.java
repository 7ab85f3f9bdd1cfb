package dev.backout.action.sync;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.postgresql.copy.CopyIn;

/** Rows in the text form of COPY, sent off by the buffer. */
final class CopyText {
  private static final int SIZE = 1 << 16;
  private static final int PART = 1 << 16;
  private static final byte[] NULL = {'\\', 'N'};
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final CopyIn copy;
  private final byte[] buffer = new byte[SIZE];
  private int length;
  private long bytes;

  CopyText(CopyIn copy) {
    this.copy = copy;
  }

  void nothing() throws SQLException {
    raw(NULL);
  }

  /** A text, with what means something else to COPY escaped. */
  void text(String value) throws SQLException {
    // By parts: a text of many megabytes would be held once more.
    for (int from = 0; from < value.length(); ) {
      int to = end(value, from);
      escaped(value.substring(from, to).getBytes(StandardCharsets.UTF_8));
      from = to;
    }
  }

  /** Not between the two halves of a character. */
  private static int end(String value, int from) {
    int to = Math.min(value.length(), from + PART);
    return to < value.length() && Character.isHighSurrogate(value.charAt(to - 1)) ? to - 1 : to;
  }

  private void escaped(byte[] utf8) throws SQLException {
    for (byte each : utf8) {
      switch (each) {
        case '\\' -> escaped('\\');
        case '\n' -> escaped('n');
        case '\r' -> escaped('r');
        case '\t' -> escaped('t');
        default -> put(each);
      }
    }
  }

  void bytes(byte[] value) throws SQLException {
    escaped('\\');
    put((byte) 'x');
    for (byte each : value) {
      put(HEX[each >> 4 & 0xf]);
      put(HEX[each & 0xf]);
    }
  }

  void separator() throws SQLException {
    put((byte) '\t');
  }

  void endOfRow() throws SQLException {
    put((byte) '\n');
  }

  long bytes() {
    return bytes + length;
  }

  void flush() throws SQLException {
    copy.writeToCopy(buffer, 0, length);
    bytes += length;
    length = 0;
  }

  private void raw(byte[] value) throws SQLException {
    for (byte each : value) {
      put(each);
    }
  }

  private void escaped(char each) throws SQLException {
    put((byte) '\\');
    put((byte) each);
  }

  private void put(byte each) throws SQLException {
    if (length == SIZE) {
      flush();
    }
    buffer[length++] = each;
  }
}
