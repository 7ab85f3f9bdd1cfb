package dev.backout.action.sync.schema;

import java.util.Locale;

/**
 * What SQLite makes of a value that is put into a column: its rule 3.1, by the declared type's
 * letters.
 */
public enum Affinity {
  INTEGER,
  TEXT,
  /** None: a value stays what it is. */
  BLOB,
  REAL,
  NUMERIC;

  /**
   * @param declared as in {@code CREATE TABLE}; empty if there is no type
   * @param strict whether the table is, in which {@code ANY} means what it says
   */
  public static Affinity of(String declared, boolean strict) {
    String type = declared.toUpperCase(Locale.ROOT);
    if (type.contains("INT")) {
      return INTEGER;
    }
    if (type.contains("CHAR") || type.contains("CLOB") || type.contains("TEXT")) {
      return TEXT;
    }
    if (type.isEmpty() || type.contains("BLOB") || strict && type.equals("ANY")) {
      return BLOB;
    }
    if (type.contains("REAL") || type.contains("FLOA") || type.contains("DOUB")) {
      return REAL;
    }
    return NUMERIC;
  }

  /** Whether a text that looks like a number is made one. */
  public boolean readsNumbers() {
    return this != TEXT && this != BLOB;
  }
}
