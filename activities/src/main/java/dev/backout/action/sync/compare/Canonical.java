package dev.backout.action.sync.compare;

import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * One form for each value, whichever database wrote it down. What can't be read as what its column
 * means keeps the form in which it is stored, and is so the same as nothing that can.
 */
final class Canonical {
  private Canonical() {}

  /** A value as SQLite's driver gives it: a whole number, a double, a text, bytes. */
  static void stored(Meaning meaning, Object value, Encoding to) {
    if (value instanceof String text) {
      printed(meaning, text, to);
    } else if (value instanceof Number number) {
      number(meaning, number, to);
    } else {
      bytes(meaning, (byte[]) value, to);
    }
  }

  /** A text as either database prints a value. */
  static void printed(Meaning meaning, String text, Encoding to) {
    boolean read =
        switch (meaning) {
          case BOOLEAN -> truth(text, to);
          case INTEGER -> integer(text, to);
          case FLOAT, DOUBLE -> real(meaning, text, to);
          case DECIMAL -> decimal(text, to);
          case PADDED -> padded(text, to);
          case BYTES, TEXT, STORED, PRINTED -> false;
          case INSTANT, TIMESTAMP -> number('m', Moments.micros(text), to);
          case DATE -> number('y', Moments.day(text), to);
          case TIME -> number('c', Moments.time(text), to);
          case UUID -> uuid(text, to);
          case JSON -> JsonForm.put(text, to);
        };
    if (!read) {
      to.text(text);
    }
  }

  private static boolean number(char tag, OptionalLong value, Encoding to) {
    value.ifPresent(number -> to.number(tag, number));
    return value.isPresent();
  }

  private static void number(Meaning meaning, Number value, Encoding to) {
    boolean whole = !(value instanceof Double || value instanceof Float);
    switch (meaning) {
      case BOOLEAN -> {
        if (whole && (value.longValue() == 0 || value.longValue() == 1)) {
          to.number('b', value.longValue());
        } else {
          plain(value, whole, to);
        }
      }
      case FLOAT, DOUBLE -> real(meaning, value.doubleValue(), to);
      case DECIMAL -> {
        if (whole) {
          decimal(BigDecimal.valueOf(value.longValue()), to);
        } else if (!special(value.doubleValue(), to)) {
          decimal(BigDecimal.valueOf(value.doubleValue()), to);
        }
      }
      case PRINTED -> to.text(value.toString());
      // A column that is declared JSON makes a number of a text that looks like one.
      case JSON -> {
        if (!JsonForm.put(value.toString(), to)) {
          plain(value, whole, to);
        }
      }
      default -> plain(value, whole, to);
    }
  }

  private static void plain(Number value, boolean whole, Encoding to) {
    double real = value.doubleValue();
    if (whole) {
      to.number('i', value.longValue());
    } else if (real == Math.rint(real) && Math.abs(real) < 1L << 53) {
      to.number('i', (long) real);
    } else {
      real(Meaning.DOUBLE, real, to);
    }
  }

  private static void bytes(Meaning meaning, byte[] value, Encoding to) {
    if (meaning == Meaning.UUID && value.length == 16) {
      to.named('u', HexFormat.of().formatHex(value));
    } else {
      to.bytes(value);
    }
  }

  private static boolean truth(String text, Encoding to) {
    switch (text) {
      case "t", "true", "TRUE", "1" -> to.number('b', 1);
      case "f", "false", "FALSE", "0" -> to.number('b', 0);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static boolean integer(String text, Encoding to) {
    try {
      to.number('i', Long.parseLong(text));
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static boolean real(Meaning meaning, String text, Encoding to) {
    try {
      // Java also reads "1d" and " 1", which no database prints.
      if (!isPrintedNumber(text)) {
        return false;
      }
      real(
          meaning,
          meaning == Meaning.FLOAT ? Float.parseFloat(text) : Double.parseDouble(text),
          to);
      return true;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  /** By hand, as below: an expression would take most of the time of a comparison. */
  private static boolean isPrintedNumber(String text) {
    if (text.equals("NaN") || text.equals("Infinity") || text.equals("-Infinity")) {
      return true;
    }
    return !text.isEmpty() && text.chars().allMatch(c -> "0123456789.+-eE".indexOf(c) >= 0);
  }

  /** SQLite has no negative zero of its own, and PostgreSQL calls it equal to zero. */
  private static void real(Meaning meaning, double value, Encoding to) {
    double rounded = meaning == Meaning.FLOAT ? (float) value : value;
    to.number('r', Double.doubleToLongBits(rounded + 0.0));
  }

  private static boolean decimal(String text, Encoding to) {
    switch (text) {
      case "NaN" -> special(Double.NaN, to);
      case "Infinity" -> special(Double.POSITIVE_INFINITY, to);
      case "-Infinity" -> special(Double.NEGATIVE_INFINITY, to);
      default -> {
        try {
          decimal(new BigDecimal(text), to);
        } catch (NumberFormatException e) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean special(double value, Encoding to) {
    if (Double.isFinite(value)) {
      return false;
    }
    to.named('d', String.valueOf(value));
    return true;
  }

  static void decimal(BigDecimal value, Encoding to) {
    BigDecimal bare = value.signum() == 0 ? BigDecimal.ZERO : value.stripTrailingZeros();
    to.named('d', bare.unscaledValue() + "e" + -bare.scale());
  }

  private static boolean padded(String text, Encoding to) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == ' ') {
      end--;
    }
    to.text(text.substring(0, end));
    return true;
  }

  private static boolean uuid(String text, Encoding to) {
    String hex = text.replace("-", "").toLowerCase(Locale.ROOT);
    if (hex.length() != 32 || !hex.chars().allMatch(c -> Character.digit(c, 16) >= 0)) {
      return false;
    }
    to.named('u', hex);
    return true;
  }
}
