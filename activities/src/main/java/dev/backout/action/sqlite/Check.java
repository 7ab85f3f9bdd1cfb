package dev.backout.action.sqlite;

/** How thoroughly SQLite reads a database to find damage. */
public enum Check {
  /** Every page and row, but not the indexes against their tables. */
  QUICK("quick_check"),
  /** The indexes and constraints too; several times slower. */
  FULL("integrity_check");

  private final String pragma;

  Check(String pragma) {
    this.pragma = pragma;
  }

  String pragma() {
    return pragma;
  }
}
