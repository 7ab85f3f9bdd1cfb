package dev.backout.action.sync.compare;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A line of PostgreSQL's {@code COPY … TO STDOUT}: fields between tabs, with backslashes. */
final class CopiedRow implements Row {
  private byte[] line = new byte[0];
  private final int[] starts;
  private final int[] ends;
  private byte[] plain = new byte[256];

  CopiedRow(int columns) {
    this.starts = new int[columns];
    this.ends = new int[columns];
  }

  void take(byte[] next) {
    line = next;
    int column = 0;
    int start = 0;
    // A tab within a field is written as a backslash and a t.
    for (int i = 0; i < next.length && column < starts.length; i++) {
      if (next[i] == '\t' || next[i] == '\n') {
        starts[column] = start;
        ends[column++] = i;
        start = i + 1;
      }
    }
    if (column < starts.length) {
      starts[column] = start;
      ends[column] = next.length;
    }
  }

  private boolean isNull(int column) {
    return ends[column] - starts[column] == 2
        && line[starts[column]] == '\\'
        && line[starts[column] + 1] == 'N';
  }

  @Override
  public void encode(int column, Meaning meaning, Encoding to) {
    if (isNull(column)) {
      to.nothing();
    } else if (meaning == Meaning.TEXT || meaning == Meaning.PRINTED) {
      int length = unescape(column);
      to.text(plain, 0, length);
    } else if (meaning == Meaning.BYTES) {
      to.bytes(HexFormat.of().parseHex(string(column).substring(2)));
    } else {
      Canonical.printed(meaning, string(column), to);
    }
  }

  @Override
  public @Nullable String text(int column) {
    return isNull(column) ? null : string(column);
  }

  private String string(int column) {
    int length = unescape(column);
    return new String(plain, 0, length, StandardCharsets.UTF_8);
  }

  /** Into {@code plain}; returns how long it is. */
  private int unescape(int column) {
    int from = starts[column];
    int to = ends[column];
    if (plain.length < to - from) {
      plain = new byte[Math.max(to - from, 2 * plain.length)];
    }
    int length = 0;
    for (int i = from; i < to; i++) {
      byte next = line[i];
      if (next == '\\') {
        next = meant(line[++i]);
      }
      plain[length++] = next;
    }
    return length;
  }

  private static byte meant(byte escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0b;
      default -> escaped;
    };
  }
}
