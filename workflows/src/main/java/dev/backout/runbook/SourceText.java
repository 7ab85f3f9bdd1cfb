package dev.backout.runbook;

import java.util.Arrays;

/**
 * A file's text, and where its lines begin. Offsets are {@code char} indexes into the text, lines
 * and columns are counted from 1.
 */
public final class SourceText {
  private final String file;
  private final String text;
  private final int[] lineStarts;

  /**
   * @param file how the file is named to people: the path as they gave it
   */
  public SourceText(String file, String text) {
    this.file = file;
    this.text = text;
    this.lineStarts = lineStarts(text);
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
    return new SourcePosition(line + 1, text.codePointCount(lineStarts[line], inside) + 1);
  }

  public SourceRange range(int from, int to) {
    return new SourceRange(position(from), position(Math.max(from, to)));
  }

  @Override
  public String toString() {
    return file;
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
