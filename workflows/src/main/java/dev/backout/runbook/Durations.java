package dev.backout.runbook;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code 90s}, {@code 15m}, {@code 1h30m}, {@code 7d}, {@code 250ms}; ISO 8601 is read too. */
public final class Durations {
  /** The written form, for the schema: largest unit first. */
  static final String PATTERN =
      "^(?=\\d)(\\d{1,9}d)?(\\d{1,9}h)?(\\d{1,9}m(?!s))?(\\d{1,9}s)?(\\d{1,9}ms)?$";

  private static final Pattern WRITTEN = Pattern.compile(PATTERN);

  private Durations() {}

  public static Optional<Duration> parse(String text) {
    Matcher parts = WRITTEN.matcher(text);
    if (parts.matches()) {
      return Optional.of(
          Duration.ofDays(number(parts.group(1), 1))
              .plusHours(number(parts.group(2), 1))
              .plusMinutes(number(parts.group(3), 1))
              .plusSeconds(number(parts.group(4), 1))
              .plusMillis(number(parts.group(5), 2)));
    }
    return text.startsWith("P") && text.length() < 64 ? iso(text) : Optional.empty();
  }

  public static String print(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    if (duration.isNegative()) {
      return "-" + print(duration.negated());
    }
    return part(duration.toDaysPart(), "d")
        + part(duration.toHoursPart(), "h")
        + part(duration.toMinutesPart(), "m")
        + part(duration.toSecondsPart(), "s")
        + part(duration.toMillisPart(), "ms");
  }

  private static Optional<Duration> iso(String text) {
    try {
      Duration duration = Duration.parse(text);
      return duration.isNegative() ? Optional.empty() : Optional.of(duration);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static long number(@Nullable String part, int unit) {
    return part == null ? 0 : Long.parseLong(part.substring(0, part.length() - unit));
  }

  private static String part(long count, String unit) {
    return count == 0 ? "" : count + unit;
  }
}
