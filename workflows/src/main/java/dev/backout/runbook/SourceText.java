package dev.backout.runbook;

import java.util.Arrays;

/**
 * A file's text, and where its lines begin. Offsets are {@code char} indexes into the text, lines
 * and columns are counted from 1.
 */
public final class SourceText {
  private static final int STRIDE = 256;

  private final String file;
  private final String text;
  private final int[] lineStarts;

  /** Surrogate pairs before each run of {@link #STRIDE} chars: a line may be a whole MiB. */
  private final int[] pairsBefore;

  /**
   * @param file how the file is named to people: the path as they gave it
   */
  public SourceText(String file, String text) {
    this.file = file;
    this.text = text;
    this.lineStarts = lineStarts(text);
    this.pairsBefore = pairsBefore(text);
  }

  public String file() {
    return file;
  }

  public String text() {
    return text;
  }

  public int lineCount() {
    return lineStarts.length;
  }

  /** The line with this number (from 1) without its line end; empty beyond the last. */
  public String line(int number) {
    if (number < 1 || number > lineStarts.length) {
      return "";
    }
    int start = lineStarts[number - 1];
    int end = number < lineStarts.length ? lineStarts[number] : text.length();
    while (end > start && isBreak(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(start, end);
  }

  public SourcePosition position(int offset) {
    int inside = Math.max(0, Math.min(offset, text.length()));
    int found = Arrays.binarySearch(lineStarts, inside);
    int line = found >= 0 ? found : -found - 2;
    return new SourcePosition(line + 1, codePoints(inside) - codePoints(lineStarts[line]) + 1);
  }

  public SourceRange range(int from, int to) {
    return new SourceRange(position(from), position(Math.max(from, to)));
  }

  @Override
  public String toString() {
    return file;
  }

  /** Code points before this offset. */
  private int codePoints(int offset) {
    int run = offset / STRIDE;
    return offset - pairsBefore[run] - pairs(text, run * STRIDE, offset);
  }

  private static int[] pairsBefore(String text) {
    int[] pairs = new int[text.length() / STRIDE + 1];
    for (int run = 1; run < pairs.length; run++) {
      pairs[run] = pairs[run - 1] + pairs(text, (run - 1) * STRIDE, run * STRIDE);
    }
    return pairs;
  }

  /** Low halves of pairs from {@code from} to {@code to}. */
  private static int pairs(String text, int from, int to) {
    int pairs = 0;
    for (int i = from; i < to; i++) {
      if (Character.isLowSurrogate(text.charAt(i))) {
        pairs++;
      }
    }
    return pairs;
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[16];
    int count = 1;
    for (int i = 0; i < text.length(); i++) {
      if (!isBreak(text.charAt(i))) {
        continue;
      }
      if (text.charAt(i) == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
        i++;
      }
      if (count == starts.length) {
        starts = Arrays.copyOf(starts, count * 2);
      }
      starts[count++] = i + 1;
    }
    return Arrays.copyOf(starts, count);
  }

  private static boolean isBreak(char c) {
    return c == '\n' || c == '\r';
  }
}
