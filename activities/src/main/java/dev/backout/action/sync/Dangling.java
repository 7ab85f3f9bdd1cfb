package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.util.List;

/**
 * A row that refers to one that isn't there.
 *
 * @param row its key
 * @param reference the columns with what they hold
 */
record Dangling(String table, String row, String reference, String parent) {

  @Override
  public String toString() {
    return row + " (" + reference + ") has no parent in " + parent;
  }

  /**
   * @param found the first of them
   * @param all how many there are
   */
  static void require(List<Dangling> found, long all) throws ActionException {
    if (!found.isEmpty()) {
      throw new ActionException(
          Kind.PERMANENT,
          all
              + (all == 1 ? " row refers" : " rows refer")
              + " to what isn't there: "
              + String.join("; ", found.stream().map(Dangling::toString).toList())
              + (all > found.size() ? "; and " + (all - found.size()) + " more" : "")
              + ". Copy the parents too, or bring the source in order. Nothing was changed.");
    }
  }
}
