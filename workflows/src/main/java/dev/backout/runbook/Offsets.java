package dev.backout.runbook;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;

/** The engine counts code points, Java counts chars. */
final class Offsets {
  private final int length;
  private final int @Nullable [] chars;

  private Offsets(int length, int @Nullable [] chars) {
    this.length = length;
    this.chars = chars;
  }

  static Offsets of(String text) {
    int codePoints = text.codePointCount(0, text.length());
    if (codePoints == text.length()) {
      return new Offsets(text.length(), null);
    }
    int[] chars = new int[codePoints];
    for (int i = 0, at = 0; i < codePoints; i++) {
      chars[i] = at;
      at += Character.charCount(text.codePointAt(at));
    }
    return new Offsets(text.length(), chars);
  }

  int of(Mark mark) {
    return of(mark.getIndex());
  }

  int of(int codePoint) {
    if (chars == null) {
      return Math.min(codePoint, length);
    }
    return codePoint < chars.length ? chars[codePoint] : length;
  }
}
