package dev.backout.action.postgres;

/** How a dump is proven. Each includes what stands before it. */
public enum Verification {
  /** {@code pg_restore} reads the table of contents. */
  LIST,
  /** {@code pg_restore} reads and unpacks all of it. */
  READ,
  /** It is restored into a scratch database, which is dropped again, and its rows are counted. */
  RESTORE
}
