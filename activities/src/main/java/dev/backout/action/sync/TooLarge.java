package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;

/** A row that the worker's memory can't hold: of a table's rows only the largest counts. */
final class TooLarge {
  private static final long MIB = 1 << 20;

  private TooLarge() {}

  static ActionException of(String table, Throwable cause) {
    return new ActionException(
        Kind.PERMANENT,
        "The worker's memory, "
            + Runtime.getRuntime().maxMemory() / MIB
            + " MiB, is too small for a row of "
            + table
            + ": it takes up to five times the largest value. Have the step done by a worker that was started with more,"
            + " such as by BACKOUT_JAVA_OPTS=-Xmx2g, or leave the column out with the rule skip. Nothing was changed.",
        cause);
  }
}
