package dev.backout.action.postgres;

/**
 * How {@code pg_dump} writes. Both are compressed, and can be restored in parts and in parallel.
 */
public enum DumpFormat {
  /** One file. */
  CUSTOM,
  /** A directory with a file for each table, which can be written in parallel. */
  DIRECTORY
}
