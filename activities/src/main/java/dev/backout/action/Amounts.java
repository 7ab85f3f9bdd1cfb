package dev.backout.action;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Lengths of storage and of time as they stand in a sentence. */
public final class Amounts {
  private Amounts() {}

  public static String text(long bytes) {
    if (bytes < 1024) {
      return bytes + " bytes";
    }
    int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
    return String.format(
        Locale.ROOT, "%.1f %ciB", bytes / (double) (1L << (unit * 10)), "KMGTPE".charAt(unit - 1));
  }

  /** The two largest units are enough. */
  public static String text(Duration age) {
    if (age.toDays() > 0) {
      return age.toDays() + "d " + age.toHoursPart() + "h";
    }
    if (age.toHours() > 0) {
      return age.toHours() + "h " + age.toMinutesPart() + "m";
    }
    return age.toMinutes() > 0
        ? age.toMinutes() + "m " + age.toSecondsPart() + "s"
        : age.toSeconds() + "s";
  }

  /** In whole seconds; none of what is younger than now. */
  public static Duration age(Instant taken, Instant now) {
    Duration age = Duration.ofSeconds(Duration.between(taken, now).toSeconds());
    return age.isNegative() ? Duration.ZERO : age;
  }
}
