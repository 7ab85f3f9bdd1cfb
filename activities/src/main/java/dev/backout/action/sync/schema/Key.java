package dev.backout.action.sync.schema;

import java.util.List;

/**
 * Columns that together tell rows apart.
 *
 * @param nullable whether one of them may be null, so that rows with nulls are not told apart
 */
public record Key(String name, List<String> columns, boolean nullable) {
  public Key {
    columns = List.copyOf(columns);
  }
}
