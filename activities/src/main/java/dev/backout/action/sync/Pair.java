package dev.backout.action.sync;

import dev.backout.action.sync.schema.Column;

/**
 * A column and where it goes.
 *
 * @param form in which SQLite has, or is to have, its values
 * @param check what each value must be asked on the way into SQLite
 */
public record Pair(Column source, Column target, Form form, Check check) {

  /** Where SQLite would make something else of a value than it was given. */
  public enum Check {
    NONE,
    /** A text that SQLite's column would read as a number. */
    NO_NUMBER,
    /** A number that a {@code double} may not hold. */
    EXACT_NUMBER
  }
}
