package dev.backout.action.sync;

import dev.backout.action.sync.schema.PostgresKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** In what form a value of PostgreSQL is kept in SQLite. Each loses nothing, and has a way back. */
public enum Form {
  /** {@code 0} or {@code 1}. */
  BOOLEAN(Storage.NUMBER) {
    @Override
    public Object decode(byte[] row, int start, int length) {
      return (long) row[start];
    }
  },
  INTEGER(Storage.NUMBER) {
    @Override
    public Object decode(byte[] row, int start, int length) {
      ByteBuffer value = ByteBuffer.wrap(row, start, length);
      return length == 8
          ? value.getLong()
          : length == 4 ? (long) value.getInt() : (long) value.getShort();
    }
  },
  /** NaN, which SQLite has not, is the text {@code NaN}; negative zero is zero. */
  REAL(Storage.NUMBER) {
    @Override
    public Object decode(byte[] row, int start, int length) {
      ByteBuffer value = ByteBuffer.wrap(row, start, length);
      double number = length == 4 ? value.getFloat() : value.getDouble();
      return Double.isNaN(number) ? (Object) "NaN" : (Object) (number + 0.0);
    }
  },
  /** All digits, as PostgreSQL writes them. */
  DECIMAL(Storage.TEXT_OF_SERVER),
  TEXT(Storage.TEXT),
  BLOB(Storage.BLOB),
  /** {@code 2026-01-31 03:00:00.123456+00:00}: UTC, always six digits. */
  INSTANT(Storage.TEXT) {
    @Override
    public Object decode(byte[] row, int start, int length) {
      return TimeText.timestamp(ByteBuffer.wrap(row, start, length).getLong(), "+00:00");
    }
  },
  /** {@code 2026-01-31 03:00:00.123456}; of a {@code timestamptz} in UTC, and not said. */
  TIMESTAMP(Storage.TEXT) {
    @Override
    public Object decode(byte[] row, int start, int length) {
      return TimeText.timestamp(ByteBuffer.wrap(row, start, length).getLong(), "");
    }
  },
  DATE(Storage.TEXT) {
    @Override
    public Object decode(byte[] row, int start, int length) {
      return TimeText.date(ByteBuffer.wrap(row, start, length).getInt());
    }
  },
  TIME(Storage.TEXT) {
    @Override
    public Object decode(byte[] row, int start, int length) {
      return TimeText.time(ByteBuffer.wrap(row, start, length).getLong());
    }
  },
  /** {@code 4f1c…-…}, with dashes. */
  UUID(Storage.TEXT) {
    @Override
    public Object decode(byte[] row, int start, int length) {
      String hex = HexFormat.of().formatHex(row, start, start + length);
      return bytes(
          String.join(
              "-",
              hex.substring(0, 8),
              hex.substring(8, 12),
              hex.substring(12, 16),
              hex.substring(16, 20),
              hex.substring(20)));
    }
  },
  /** 32 hexadecimal digits, as SQLAlchemy keeps them. */
  UUID_HEX(Storage.TEXT) {
    @Override
    public Object decode(byte[] row, int start, int length) {
      return bytes(HexFormat.of().formatHex(row, start, start + length));
    }
  },
  /** Behind the version that PostgreSQL's binary form begins with. */
  JSONB(Storage.TEXT) {
    @Override
    public Object decode(byte[] row, int start, int length) {
      return Arrays.copyOfRange(row, start + 1, start + length);
    }
  },
  /** What {@code ::text} gives. */
  SERVER_TEXT(Storage.TEXT_OF_SERVER);

  /** What SQLite is given. */
  enum Storage {
    NUMBER,
    TEXT,
    /** A text that PostgreSQL makes. */
    TEXT_OF_SERVER,
    BLOB
  }

  private final Storage storage;

  Form(Storage storage) {
    this.storage = storage;
  }

  /** The usual one. */
  public static Form of(PostgresKind kind) {
    return switch (kind) {
      case BOOL -> BOOLEAN;
      case INT2, INT4, INT8 -> INTEGER;
      case FLOAT4, FLOAT8 -> REAL;
      case NUMERIC -> DECIMAL;
      case TEXT, JSON -> TEXT;
      case BYTEA -> BLOB;
      case TIMESTAMPTZ -> INSTANT;
      case TIMESTAMP -> TIMESTAMP;
      case DATE -> DATE;
      case TIME -> TIME;
      case UUID -> UUID;
      case JSONB -> JSONB;
      case OTHER -> SERVER_TEXT;
    };
  }

  /** Whether SQLite keeps it as text, given as UTF-8. */
  public boolean isText() {
    return storage == Storage.TEXT || storage == Storage.TEXT_OF_SERVER;
  }

  /**
   * What to ask PostgreSQL for.
   *
   * @param column quoted
   */
  public String select(String column) {
    return storage == Storage.TEXT_OF_SERVER ? column + "::text" : column;
  }

  /**
   * A field of PostgreSQL's binary form, of what {@link #select} asks for.
   *
   * @return a {@code Long}, a {@code Double}, a {@code String}, or bytes: UTF-8 of a text if {@link
   *     #isText}
   */
  public Object decode(byte[] row, int start, int length) {
    return Arrays.copyOfRange(row, start, start + length);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
