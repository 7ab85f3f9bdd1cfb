package dev.backout.cli.view;

import dev.backout.history.Elapsed;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Times as people read them: {@code 0.4s}, {@code 12s}, {@code 2m05s}, {@code 1h02m}. */
public final class Times {
  private static final DateTimeFormatter DAY_AND_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter ZONE = DateTimeFormatter.ofPattern("xxx", Locale.ROOT);

  private Times() {}

  public static String took(Duration duration) {
    if (duration.isNegative()) {
      return "-" + took(duration.negated());
    }
    long seconds = duration.toSeconds();
    if (seconds < 10) {
      return tenths(duration);
    }
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return "%dm%02ds".formatted(seconds / 60, seconds % 60);
    }
    return hours(seconds);
  }

  /** As a limit is written: {@code 15m}, {@code 1h30m}, {@code 7d}; what is zero is left out. */
  public static String limit(Duration duration) {
    String text =
        part(duration.toDaysPart(), "d")
            + part(duration.toHoursPart(), "h")
            + part(duration.toMinutesPart(), "m")
            + part(duration.toSecondsPart(), "s")
            + part(duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text;
  }

  /** To the second, with the offset, so that nobody has to ask whose clock it was. */
  public static String moment(Instant at, ZoneId zone) {
    var there = at.atZone(zone);
    return DAY_AND_TIME.format(there) + " " + offset(at, zone);
  }

  static String offset(Instant at, ZoneId zone) {
    String offset = ZONE.format(at.atZone(zone));
    return offset.equals("+00:00") ? "UTC" : offset;
  }

  public static String time(Instant at, ZoneId zone) {
    return TIME.format(at.atZone(zone));
  }

  /** From one moment to a second or, while that is open, to now. */
  static @Nullable Duration between(@Nullable Instant from, @Nullable Instant to, Instant now) {
    return from == null ? null : Elapsed.between(from, to == null ? now : to);
  }

  private static String tenths(Duration duration) {
    long tenths = duration.toMillis() / 100;
    return tenths / 10 + "." + tenths % 10 + "s";
  }

  private static String hours(long seconds) {
    long hours = seconds / 3600;
    return hours < 24
        ? "%dh%02dm".formatted(hours, seconds % 3600 / 60)
        : "%dd%02dh".formatted(hours / 24, hours % 24);
  }

  private static String part(long count, String unit) {
    return count == 0 ? "" : count + unit;
  }
}
