package dev.backout.action.sync.compare;

import dev.backout.action.sync.schema.ColumnType;

/**
 * What the values of a column mean, whichever database writes them down: two values are the same if
 * they mean the same. PostgreSQL's type says what SQLite's text or number stands for.
 */
enum Meaning {
  BOOLEAN,
  INTEGER,
  /** Of 4 bytes: equal if they are the same after rounding to them. */
  FLOAT,
  DOUBLE,
  /** Equal by value: 1.50 is 1.5. */
  DECIMAL,
  TEXT,
  /** PostgreSQL's {@code char(n)}: blanks at its end say nothing. */
  PADDED,
  BYTES,
  INSTANT,
  TIMESTAMP,
  DATE,
  TIME,
  UUID,
  /** Equal if it says the same: spaces and the order of names don't count. */
  JSON,
  /** Any value of SQLite's, as what it is stored. */
  STORED,
  /** As the server prints it. */
  PRINTED;

  static Meaning of(ColumnType one, ColumnType other) {
    if (one instanceof ColumnType.Postgres a) {
      return other instanceof ColumnType.Postgres b ? common(of(a), of(b)) : of(a);
    }
    return other instanceof ColumnType.Postgres b ? of(b) : STORED;
  }

  private static Meaning of(ColumnType.Postgres type) {
    return switch (type.kind()) {
      case BOOL -> BOOLEAN;
      case INT2, INT4, INT8 -> INTEGER;
      case FLOAT4 -> FLOAT;
      case FLOAT8 -> DOUBLE;
      case NUMERIC -> DECIMAL;
      case TEXT -> type.name().equals("bpchar") ? PADDED : TEXT;
      case BYTEA -> BYTES;
      case TIMESTAMPTZ -> INSTANT;
      case TIMESTAMP -> TIMESTAMP;
      case DATE -> DATE;
      case TIME -> TIME;
      case UUID -> UUID;
      case JSON, JSONB -> JSON;
      case OTHER -> PRINTED;
    };
  }

  private static Meaning common(Meaning one, Meaning other) {
    if (one == other) {
      return one;
    }
    if (one.isNumber() && other.isNumber()) {
      return DECIMAL;
    }
    if (one.isMoment() && other.isMoment()) {
      return INSTANT;
    }
    return one.isText() && other.isText() ? PADDED : PRINTED;
  }

  private boolean isNumber() {
    return this == INTEGER || this == FLOAT || this == DOUBLE || this == DECIMAL;
  }

  private boolean isMoment() {
    return this == INSTANT || this == TIMESTAMP;
  }

  private boolean isText() {
    return this == TEXT || this == PADDED;
  }
}
