package dev.backout.action.sqlite;

import java.time.Duration;

/** A length of time for a sentence: the two largest units are enough. */
final class Age {
  private Age() {}

  static String text(Duration age) {
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
}
