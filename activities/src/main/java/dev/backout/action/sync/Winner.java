package dev.backout.action.sync;

/** Which side counts where both changed a row. */
public enum Winner {
  /**
   * The one that was changed last, by the column that says so; the target's where both say the
   * same.
   */
  LAST_WRITE,
  SOURCE,
  TARGET,
  /** Nothing is copied: a person decides, and chooses another. */
  ASK
}
