package dev.backout.signature;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;

/**
 * OpenSSH's times: {@code YYYYMMDD[HHMM[SS]]}, in the machine's time zone unless they end in {@code
 * Z}.
 */
final class KeyTime {
  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  private KeyTime() {}

  static Instant parse(String text, ZoneId local) throws Flaw {
    String upper = text.toUpperCase(Locale.ROOT);
    boolean isUtc = upper.endsWith("Z") || upper.endsWith("UTC");
    String digits = upper.replaceFirst("(Z|UTC)$", "");
    if (!digits.matches("[0-9]{8}|[0-9]{12}|[0-9]{14}")) {
      throw expected(text);
    }
    try {
      LocalDateTime time = LocalDateTime.parse(digits + "0".repeat(14 - digits.length()), FORMAT);
      Instant utc = time.toInstant(ZoneOffset.UTC);
      Instant instant = isUtc ? utc : time.toInstant(local.getRules().getStandardOffset(utc));
      if (instant.getEpochSecond() > 0) {
        return instant;
      }
    } catch (DateTimeException e) {
      // Said below: the parser's own words name no format.
    }
    throw expected(text);
  }

  private static Flaw expected(String text) {
    return new Flaw(
        "expected a time after 1970 as YYYYMMDD, YYYYMMDDHHMM or YYYYMMDDHHMMSS, with Z for UTC, found '"
            + text
            + "'");
  }
}
