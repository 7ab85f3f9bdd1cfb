package dev.backout.cli;

import dev.backout.runbook.Durations;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** When something began, as a person writes it. */
final class Moments {
  private Moments() {}

  /** {@code 02:55} is the last time that clocks showed it; {@code 20m} is that long ago. */
  static Instant parse(String text, Instant now, ZoneId zone, BackoutCommand command) {
    Instant moment =
        Durations.parse(text)
            .map(now::minus)
            .or(() -> clock(text, now, zone))
            .or(() -> full(text))
            .orElseThrow(
                () ->
                    command.usage(
                        "--since should be a time such as 02:55, 2026-11-21T02:55:00Z or 20m, not \""
                            + text
                            + "\"."));
    if (moment.isAfter(now)) {
      throw command.usage("--since lies in the future: " + moment + ".");
    }
    return moment;
  }

  private static Optional<Instant> clock(String text, Instant now, ZoneId zone) {
    try {
      ZonedDateTime today = now.atZone(zone).with(LocalTime.parse(text));
      Instant moment = today.toInstant();
      return Optional.of(moment.isAfter(now) ? moment.minus(Duration.ofDays(1)) : moment);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> full(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }
}
