package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.sync.schema.ColumnType;
import dev.backout.action.sync.schema.PostgresKind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/**
 * From where on rows are taken, as SQL of either side.
 *
 * @param text a time, or a position such as the highest number that was copied
 */
record Since(String text, Duration overlap) {

  private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

  /** Refuses a time that hasn't come yet, by the source's clock: every row would be left out. */
  void requirePast(Match match, Pair column, Instant now) throws ActionException {
    if (postgres(column).isTime() && instant(match, column).isAfter(now)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "since is "
              + text
              + ", and by the source's clock it is "
              + now
              + ": every row of "
              + match
              + " would be left out. Correct it, or see whether the clocks differ. Nothing was changed.");
    }
  }

  /** A literal for PostgreSQL. */
  String forPostgres(Match match, Pair column, boolean withOverlap) throws ActionException {
    if (postgres(column) == PostgresKind.DATE) {
      return forSqlite(match, column, withOverlap) + "::date";
    }
    if (postgres(column).isTime()) {
      return "'"
          + new String(
              TimeText.timestamp(micros(from(match, column, withOverlap)), "+00:00"),
              StandardCharsets.US_ASCII)
          + "'::timestamptz";
    }
    return number(match, column);
  }

  /** A literal for SQLite, in the form that the column has there. */
  String forSqlite(Match match, Pair column, boolean withOverlap) throws ActionException {
    if (!postgres(column).isTime()) {
      return number(match, column);
    }
    long micros = micros(from(match, column, withOverlap));
    byte[] text =
        column.form() == Form.DATE
            ? TimeText.date((int) Math.floorDiv(micros, 86_400_000_000L))
            : TimeText.timestamp(micros, column.form() == Form.INSTANT ? "+00:00" : "");
    return "'" + new String(text, StandardCharsets.US_ASCII) + "'";
  }

  private Instant from(Match match, Pair column, boolean withOverlap) throws ActionException {
    Instant instant = instant(match, column);
    return withOverlap ? instant.minus(overlap) : instant;
  }

  private static PostgresKind postgres(Pair column) {
    return column.source().type() instanceof ColumnType.Postgres type
        ? type.kind()
        : column.target().kind();
  }

  private Instant instant(Match match, Pair column) throws ActionException {
    String written = text.strip().replace(' ', 'T');
    try {
      return OffsetDateTime.parse(written).toInstant();
    } catch (DateTimeParseException e) {
      // A time without a zone is taken for UTC, and a date for its beginning.
    }
    try {
      return written.contains("T")
          ? LocalDateTime.parse(written).toInstant(ZoneOffset.UTC)
          : LocalDate.parse(written).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException e) {
      throw invalid(match, column, "a time such as 2026-01-31T03:00:00Z");
    }
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(EPOCH, instant);
  }

  private String number(Match match, Pair column) throws ActionException {
    if (!postgres(column).isInteger() && postgres(column) != PostgresKind.NUMERIC) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          match
              + "."
              + column.source().name()
              + " is "
              + column.source().type().declared()
              + ", and can't tell when a row was changed: name a column with a time or a number that grows.");
    }
    try {
      return new BigDecimal(text.strip()).toPlainString();
    } catch (NumberFormatException e) {
      throw invalid(match, column, "a number");
    }
  }

  private ActionException invalid(Match match, Pair column, String expected) {
    return new ActionException(
        Kind.INVALID_INPUT,
        "since is '"
            + text
            + "', and for "
            + match
            + "."
            + column.source().name()
            + " "
            + expected
            + " was expected. Nothing was changed.");
  }
}
