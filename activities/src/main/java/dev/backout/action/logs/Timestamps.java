package dev.backout.action.logs;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the time at the beginning of a log line, as most programs write it. */
final class Timestamps {
  /** Further in, a time is more likely something that the line speaks of. */
  private static final int SEARCHED = 64;

  // Only bounded repetition, so that no line can make it slow.
  private static final Pattern FORM =
      Pattern.compile(
          "(?<![0-9])(?<date>[0-9]{4}[-/][0-9]{2}[-/][0-9]{2})[T ](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})"
              + "(?:[.,](?<fraction>[0-9]{1,9}))?[0-9]{0,9}"
              + " ?(?<zone>Z|UTC|[+-][0-9]{2}:?[0-9]{2})?");

  private final ZoneId zone;

  /**
   * @param zone of the times that name none
   */
  Timestamps(ZoneId zone) {
    this.zone = zone;
  }

  /** Null if the line begins with no time: it then belongs to the one before. */
  @Nullable Instant of(String line) {
    Matcher found = FORM.matcher(line).region(0, Math.min(SEARCHED, line.length()));
    if (!found.find()) {
      return null;
    }
    try {
      return LocalDateTime.of(
              LocalDate.parse(found.group("date").replace('/', '-')),
              LocalTime.parse(found.group("time")).withNano(nanos(found.group("fraction"))))
          .atZone(zone(found.group("zone")))
          .toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static int nanos(@Nullable String fraction) {
    return fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
  }

  private ZoneId zone(@Nullable String written) {
    if (written == null) {
      return zone;
    }
    return written.equals("Z") || written.equals("UTC") ? ZoneOffset.UTC : ZoneOffset.of(written);
  }
}
