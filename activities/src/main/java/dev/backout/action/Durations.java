package dev.backout.action;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How durations are written between the parts and for people: {@code 90s}, {@code 1h30m}, {@code
 * 250ms}. ISO 8601 is read too.
 */
public final class Durations {
  private static final Pattern PART = Pattern.compile("(\\d{1,9})(d|h|ms|m|s)");

  private Durations() {}

  /**
   * @throws IllegalArgumentException saying what was expected and found
   */
  public static Duration parse(String text) {
    if (text.startsWith("P")) {
      return iso(text);
    }
    Matcher part = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (part.find() && part.start() == end) {
      sum = sum.plus(amount(Long.parseLong(part.group(1)), part.group(2)));
      end = part.end();
    }
    if (end == 0 || end != text.length()) {
      throw wrong(text);
    }
    return sum;
  }

  public static String print(Duration duration) {
    if (duration.isNegative()) {
      return "-" + print(duration.negated());
    }
    String text =
        part(duration.toDaysPart(), "d")
            + part(duration.toHoursPart(), "h")
            + part(duration.toMinutesPart(), "m")
            + part(duration.toSecondsPart(), "s")
            + part(duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text;
  }

  private static Duration amount(long count, String unit) {
    return switch (unit) {
      case "d" -> Duration.ofDays(count);
      case "h" -> Duration.ofHours(count);
      case "m" -> Duration.ofMinutes(count);
      case "s" -> Duration.ofSeconds(count);
      default -> Duration.ofMillis(count);
    };
  }

  private static Duration iso(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw wrong(text);
    }
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "expected a duration such as 90s, 15m or 1h30m, found '" + text + "'");
  }

  private static String part(long count, String unit) {
    return count == 0 ? "" : count + unit;
  }
}
