package dev.backout.catalog;

/** What a second execution of an action with the same input would do. */
public enum Repeatability {
  /** Changes nothing, so it may also run in a preview. */
  READ_ONLY,
  /** Changes something, and doing it again leaves the same result: retried after a failure. */
  SAFE,
  /** Doing it again would do it twice: tried once, and in doubt when its outcome is unknown. */
  NEVER
}
