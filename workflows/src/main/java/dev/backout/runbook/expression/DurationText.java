package dev.backout.runbook.expression;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as JSON between the parts has them: {@code 90s}, {@code 1h30m}, {@code 250ms}. */
public final class DurationText {
  private static final Pattern SHORT =
      Pattern.compile("(-)?(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m(?!s))?(?:(\\d+)s)?(?:(\\d+)ms)?");

  private DurationText() {}

  /** Understands ISO-8601 too; empty if it is neither. */
  public static Optional<Duration> parse(String text) {
    if (text.isEmpty() || text.equals("-")) {
      return Optional.empty();
    }
    try {
      Matcher matcher = SHORT.matcher(text);
      return Optional.of(matcher.matches() ? of(matcher) : Duration.parse(text));
    } catch (DateTimeParseException | ArithmeticException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** In milliseconds: what is finer is dropped. */
  public static String print(Duration duration) {
    if (duration.toMillis() == 0) {
      return "0s";
    }
    StringBuilder text = new StringBuilder(duration.isNegative() ? "-" : "");
    Duration size = duration.abs();
    unit(text, size.toDays(), "d");
    unit(text, size.toHoursPart(), "h");
    unit(text, size.toMinutesPart(), "m");
    unit(text, size.toSecondsPart(), "s");
    unit(text, size.toMillisPart(), "ms");
    return text.toString();
  }

  private static Duration of(Matcher matcher) {
    Duration sum =
        Duration.ofDays(number(matcher, 2))
            .plusHours(number(matcher, 3))
            .plusMinutes(number(matcher, 4))
            .plusSeconds(number(matcher, 5))
            .plusMillis(number(matcher, 6));
    return matcher.group(1) == null ? sum : sum.negated();
  }

  private static long number(Matcher matcher, int group) {
    String digits = matcher.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static void unit(StringBuilder text, long count, String unit) {
    if (count != 0) {
      text.append(count).append(unit);
    }
  }
}
