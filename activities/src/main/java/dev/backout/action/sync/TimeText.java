package dev.backout.action.sync;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Dates and times as text that sorts like them (within the years 0001 to 9999) and that PostgreSQL
 * reads back to the microsecond: proleptic Gregorian, years before 1 with {@code BC} behind.
 */
final class TimeText {
  private static final long DAY = 86_400_000_000L;
  private static final byte[] INFINITY = "infinity".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MINUS_INFINITY = "-infinity".getBytes(StandardCharsets.US_ASCII);

  private TimeText() {}

  /**
   * @param micros since 2000-01-01 00:00
   * @param zone behind the time
   */
  static byte[] timestamp(long micros, String zone) {
    if (micros == Long.MAX_VALUE) {
      return INFINITY;
    }
    if (micros == Long.MIN_VALUE) {
      return MINUS_INFINITY;
    }
    Digits out = new Digits();
    boolean before = out.date(Math.floorDiv(micros, DAY));
    out.put(' ');
    out.time(Math.floorMod(micros, DAY));
    out.put(zone);
    return out.end(before);
  }

  /**
   * @param days since 2000-01-01
   */
  static byte[] date(int days) {
    if (days == Integer.MAX_VALUE) {
      return INFINITY;
    }
    if (days == Integer.MIN_VALUE) {
      return MINUS_INFINITY;
    }
    Digits out = new Digits();
    return out.end(out.date(days));
  }

  /**
   * @param micros since midnight; a whole day is 24:00
   */
  static byte[] time(long micros) {
    Digits out = new Digits();
    out.time(micros);
    return out.end(false);
  }

  /** Written digit by digit: a formatter would be the slowest part of a copy. */
  private static final class Digits {
    private final byte[] bytes = new byte[40];
    private int length;

    /** Whether the year is one before Christ. */
    boolean date(long days) {
      // Days since 0000-03-01, in eras of 400 years.
      long shifted = days + 730_425;
      long era = Math.floorDiv(shifted, 146_097L);
      int ofEra = (int) Math.floorMod(shifted, 146_097L);
      int yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
      int ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
      int shiftedMonth = (5 * ofYear + 2) / 153;
      int day = ofYear - (153 * shiftedMonth + 2) / 5 + 1;
      int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
      long year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
      boolean before = year <= 0;
      year(before ? 1 - year : year);
      put('-');
      two(month);
      put('-');
      two(day);
      return before;
    }

    void time(long micros) {
      int seconds = (int) (micros / 1_000_000);
      two(seconds / 3600);
      put(':');
      two(seconds / 60 % 60);
      put(':');
      two(seconds % 60);
      put('.');
      int fraction = (int) (micros % 1_000_000);
      two(fraction / 10_000);
      two(fraction / 100 % 100);
      two(fraction % 100);
    }

    private void year(long year) {
      if (year > 9999) {
        put(Long.toString(year));
      } else {
        two((int) year / 100);
        two((int) year % 100);
      }
    }

    private void two(int number) {
      bytes[length++] = (byte) ('0' + number / 10);
      bytes[length++] = (byte) ('0' + number % 10);
    }

    void put(char ascii) {
      bytes[length++] = (byte) ascii;
    }

    void put(String ascii) {
      for (int i = 0; i < ascii.length(); i++) {
        put(ascii.charAt(i));
      }
    }

    byte[] end(boolean before) {
      if (before) {
        put(" BC");
      }
      return Arrays.copyOf(bytes, length);
    }
  }
}
