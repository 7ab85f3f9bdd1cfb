package dev.backout.action.sync;

/** How a type or a column is treated otherwise than the type table says. */
public enum Rule {
  /** A {@code timestamptz} in SQLite without {@code +00:00}, as SQLAlchemy writes it; it is UTC. */
  PLAIN,
  /** A {@code uuid} in SQLite as 32 hexadecimal digits, as SQLAlchemy writes it. */
  HEX,
  /** A {@code numeric} that SQLite's column can't hold exactly is rounded to what it can. */
  APPROXIMATE,
  /** The column is left out. */
  SKIP
}
