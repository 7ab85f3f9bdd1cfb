package dev.backout.action.sync.compare;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.OptionalLong;

/**
 * Dates and times as databases print them: {@code 2026-01-31 03:00:00.123456+00}, with a {@code T},
 * without a zone, with up to six digits, years beyond 9999, {@code BC} behind. Read by hand, since
 * this is done for each value.
 */
final class Moments {
  private static final long SECOND = 1_000_000;
  private static final long DAY = 86_400 * SECOND;

  private final String text;
  private int at;

  private Moments(String text) {
    this.text = text;
  }

  private static final class Unreadable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Unreadable() {
      super(null, null, false, false);
    }
  }

  /** Microseconds since 1970 in UTC; without a zone it is taken for UTC. */
  static OptionalLong micros(String text) {
    OptionalLong endless = endless(text);
    return endless.isPresent() ? endless : read(text, Moments::moment);
  }

  /** Days since 1970. A time behind it must be midnight. */
  static OptionalLong day(String text) {
    OptionalLong endless = endless(text);
    return endless.isPresent() ? endless : read(text, Moments::wholeDay);
  }

  /** Microseconds since midnight. */
  static OptionalLong time(String text) {
    return read(text, Moments::time);
  }

  private interface Part {
    long of(Moments moments);
  }

  private static OptionalLong read(String text, Part part) {
    try {
      Moments moments = new Moments(text);
      long value = part.of(moments);
      return moments.at == text.length() ? OptionalLong.of(value) : OptionalLong.empty();
    } catch (Unreadable | DateTimeException | ArithmeticException e) {
      return OptionalLong.empty();
    }
  }

  private static OptionalLong endless(String text) {
    return switch (text) {
      case "infinity" -> OptionalLong.of(Long.MAX_VALUE);
      case "-infinity" -> OptionalLong.of(Long.MIN_VALUE);
      default -> OptionalLong.empty();
    };
  }

  private long moment() {
    long day = date();
    long time = 0;
    long zone = 0;
    if (next(' ') || next('T')) {
      time = time();
      zone = zone();
    }
    return Math.addExact(Math.multiplyExact(day, DAY), time - zone);
  }

  private long wholeDay() {
    long micros = moment();
    if (Math.floorMod(micros, DAY) != 0) {
      throw new Unreadable();
    }
    return micros / DAY;
  }

  /** The year before 1 is 1 BC, which stands at the very end. */
  private long date() {
    int year = digits(4, 7);
    require('-');
    int month = digits(2, 2);
    require('-');
    int day = digits(2, 2);
    boolean before = text.endsWith(" BC");
    if (before) {
      return LocalDate.of(1 - year, month, day).toEpochDay() + ends(" BC");
    }
    return LocalDate.of(year, month, day).toEpochDay();
  }

  /** Takes the end off where nothing but it is left. */
  private long ends(String end) {
    if (text.length() - at == end.length()) {
      at = text.length();
    }
    return 0;
  }

  private long time() {
    long hours = digits(2, 2);
    require(':');
    long minutes = digits(2, 2);
    long micros = 0;
    if (next(':')) {
      micros = digits(2, 2) * SECOND;
      if (next('.')) {
        micros += fraction();
      }
    }
    if (hours > 24 || minutes > 59 || micros > 60 * SECOND) {
      throw new Unreadable();
    }
    return (hours * 60 + minutes) * 60 * SECOND + micros;
  }

  /** What is finer than a microsecond is no value of PostgreSQL's, unless it is nothing. */
  private long fraction() {
    long micros = 0;
    int count = 0;
    for (; at < text.length() && isDigit(text.charAt(at)); at++) {
      int digit = text.charAt(at) - '0';
      if (count++ < 6) {
        micros = micros * 10 + digit;
      } else if (digit != 0) {
        throw new Unreadable();
      }
    }
    for (; count < 6; count++) {
      micros *= 10;
    }
    return micros;
  }

  private long zone() {
    long zone = 0;
    if (next('Z')) {
      zone = 0;
    } else if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
      long sign = text.charAt(at++) == '-' ? -1 : 1;
      long seconds = digits(2, 2) * 3600L;
      if (next(':') || (at < text.length() && isDigit(text.charAt(at)))) {
        seconds += digits(2, 2) * 60L;
      }
      if (next(':')) {
        seconds += digits(2, 2);
      }
      zone = sign * seconds * SECOND;
    }
    ends(" BC");
    return zone;
  }

  private int digits(int least, int most) {
    int value = 0;
    int start = at;
    while (at < text.length() && at - start < most && isDigit(text.charAt(at))) {
      value = value * 10 + text.charAt(at++) - '0';
    }
    if (at - start < least) {
      throw new Unreadable();
    }
    return value;
  }

  private boolean next(char wanted) {
    boolean there = at < text.length() && text.charAt(at) == wanted;
    at += there ? 1 : 0;
    return there;
  }

  private void require(char wanted) {
    if (!next(wanted)) {
      throw new Unreadable();
    }
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
