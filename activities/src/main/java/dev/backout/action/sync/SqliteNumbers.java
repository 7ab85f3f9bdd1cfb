package dev.backout.action.sync;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** What SQLite makes of a text in a column that wants numbers. */
final class SqliteNumbers {
  /** What a double holds whatever the digits are. */
  private static final int SAFE_DIGITS = 15;

  private SqliteNumbers() {}

  /** Whether it would be made a number. */
  static boolean looksLikeOne(byte[] text) {
    int start = 0;
    int end = text.length;
    while (start < end && isSpace(text[start])) {
      start++;
    }
    while (end > start && isSpace(text[end - 1])) {
      end--;
    }
    int digits = 0;
    for (int i = start; i < end; i++) {
      byte each = text[i];
      if (each >= '0' && each <= '9') {
        digits++;
      } else if (each != '+' && each != '-' && each != '.' && each != 'e' && each != 'E') {
        return false;
      }
    }
    return digits > 0 && parses(new String(text, start, end - start, StandardCharsets.US_ASCII));
  }

  private static boolean parses(String text) {
    try {
      return new BigDecimal(text).signum() <= 1;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** Whether the number is the same afterwards; what is none stays as it is. */
  static boolean holds(byte[] text) {
    if (text.length <= SAFE_DIGITS || !looksLikeOne(text)) {
      return true;
    }
    BigDecimal number =
        new BigDecimal(new String(text, StandardCharsets.US_ASCII).strip()).stripTrailingZeros();
    if (number.scale() <= 0 && number.precision() - number.scale() <= 18) {
      return true;
    }
    return number.precision() <= SAFE_DIGITS && Math.abs(number.scale()) < 300;
  }

  private static boolean isSpace(byte each) {
    return each == ' ' || each >= '\t' && each <= '\r';
  }
}
