package dev.backout.action.sync.schema;

import java.util.Map;

/** The types of PostgreSQL whose values are told apart; of all others, its text is the value. */
public enum PostgresKind {
  BOOL,
  INT2,
  INT4,
  INT8,
  FLOAT4,
  FLOAT8,
  NUMERIC,
  /** {@code text}, {@code varchar}, {@code char}, {@code name}. */
  TEXT,
  BYTEA,
  TIMESTAMPTZ,
  TIMESTAMP,
  DATE,
  TIME,
  UUID,
  JSON,
  JSONB,
  /**
   * An array, enum, range, composite, network address, interval or any other: what {@code ::text}
   * gives, which PostgreSQL reads back.
   */
  OTHER;

  private static final Map<String, PostgresKind> BY_NAME =
      Map.ofEntries(
          Map.entry("bool", BOOL),
          Map.entry("int2", INT2),
          Map.entry("int4", INT4),
          Map.entry("int8", INT8),
          Map.entry("float4", FLOAT4),
          Map.entry("float8", FLOAT8),
          Map.entry("numeric", NUMERIC),
          Map.entry("text", TEXT),
          Map.entry("varchar", TEXT),
          Map.entry("bpchar", TEXT),
          Map.entry("name", TEXT),
          Map.entry("bytea", BYTEA),
          Map.entry("timestamptz", TIMESTAMPTZ),
          Map.entry("timestamp", TIMESTAMP),
          Map.entry("date", DATE),
          Map.entry("time", TIME),
          Map.entry("uuid", UUID),
          Map.entry("json", JSON),
          Map.entry("jsonb", JSONB));

  /**
   * @param name of a base type in {@code pg_catalog}, such as {@code int8}
   */
  static PostgresKind of(String name) {
    return BY_NAME.getOrDefault(name, OTHER);
  }

  public boolean isInteger() {
    return this == INT2 || this == INT4 || this == INT8;
  }

  public boolean isFloat() {
    return this == FLOAT4 || this == FLOAT8;
  }

  public boolean isTime() {
    return this == TIMESTAMPTZ || this == TIMESTAMP || this == DATE || this == TIME;
  }
}
