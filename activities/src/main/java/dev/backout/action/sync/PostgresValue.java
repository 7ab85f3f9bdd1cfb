package dev.backout.action.sync;

import dev.backout.action.sync.schema.Column;
import java.math.BigDecimal;
import java.math.MathContext;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What PostgreSQL is given for a value that SQLite has, the other way of {@link Form}. */
final class PostgresValue {
  private static final Pattern TIME = Pattern.compile("-?infinity|[0-9].*");

  private PostgresValue() {}

  /** SQLite has a value there that the column can't hold; the message says which kind of. */
  static final class UnfitException extends Exception {
    private static final long serialVersionUID = 1L;

    UnfitException(String message) {
      super(message);
    }
  }

  /**
   * Writes it.
   *
   * @param value as SQLite's driver gives it
   */
  static void write(Column column, @Nullable Object value, CopyText out)
      throws SQLException, UnfitException {
    if (value == null) {
      out.nothing();
    } else if (value instanceof byte[] bytes) {
      bytes(column, bytes, out);
    } else if (value instanceof String text) {
      out.text(text(column, text));
    } else if (value instanceof Double number) {
      out.text(real(column, number));
    } else {
      out.text(integer(column, ((Number) value).longValue()));
    }
  }

  private static void bytes(Column column, byte[] value, CopyText out)
      throws SQLException, UnfitException {
    switch (column.kind()) {
      case BYTEA -> out.bytes(value);
      case UUID -> {
        if (value.length != 16) {
          throw new UnfitException("a blob of " + value.length + " bytes, which is no uuid");
        }
        out.text(HexFormat.of().formatHex(value));
      }
      default -> throw new UnfitException("a blob");
    }
  }

  private static String integer(Column column, long value) throws UnfitException {
    return switch (column.kind()) {
      case BOOL -> {
        if (value != 0 && value != 1) {
          throw new UnfitException("the number " + value + ", which is neither 0 nor 1");
        }
        yield value == 1 ? "t" : "f";
      }
      case INT2, INT4, INT8, NUMERIC, FLOAT8, JSON, JSONB -> {
        requireExact(column, value);
        yield Long.toString(value);
      }
      case FLOAT4 -> {
        if ((long) (float) value != value) {
          throw new UnfitException("the number " + value + ", which a real can't hold exactly");
        }
        yield Long.toString(value);
      }
      default -> throw new UnfitException("the number " + value);
    };
  }

  private static void requireExact(Column column, long value) throws UnfitException {
    boolean fits =
        switch (column.kind()) {
          case INT2 -> (short) value == value;
          case INT4 -> (int) value == value;
          case FLOAT8 -> (long) (double) value == value && value != Long.MAX_VALUE;
          default -> true;
        };
    if (!fits) {
      throw new UnfitException("the number " + value + ", which is too large");
    }
  }

  private static String real(Column column, double value) throws UnfitException {
    return switch (column.kind()) {
      case FLOAT8 -> shortest(value);
      case FLOAT4 -> {
        if ((float) value != value) {
          throw new UnfitException("the number " + value + ", which a real can't hold exactly");
        }
        yield Float.isInfinite((float) value) ? shortest(value) : new BigDecimal(value).toString();
      }
      case NUMERIC, JSON, JSONB -> shortest(value);
      default -> throw new UnfitException("the number " + value);
    };
  }

  /** The fewest digits that are this number: Java's own are sometimes more. */
  static String shortest(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "Infinity" : "-Infinity";
    }
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 15; digits < 17; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (rounded.doubleValue() == value) {
        return plain(rounded);
      }
    }
    return plain(exact.round(new MathContext(17)));
  }

  private static String plain(BigDecimal value) {
    BigDecimal bare = value.stripTrailingZeros();
    return Math.abs(bare.scale()) < 40 ? bare.toPlainString() : bare.toString();
  }

  private static String text(Column column, String value) throws UnfitException {
    if (value.indexOf('\0') >= 0) {
      throw new UnfitException("a text with a NUL in it, which PostgreSQL can't hold");
    }
    switch (column.kind()) {
      case BOOL, INT2, INT4, INT8, BYTEA -> throw new UnfitException("a text");
      case FLOAT4, FLOAT8 -> {
        if (!value.equals("NaN") && !value.toLowerCase(Locale.ROOT).matches("-?infinity")) {
          throw new UnfitException("a text that is neither NaN nor an infinity");
        }
      }
      // Words such as 'now' would be another time each time they are read.
      case TIMESTAMPTZ, TIMESTAMP, DATE, TIME -> {
        if (!TIME.matcher(value).matches()) {
          throw new UnfitException("a text that is no time");
        }
      }
      default -> {
        // PostgreSQL itself reads it, or says what is wrong.
      }
    }
    return value;
  }
}
