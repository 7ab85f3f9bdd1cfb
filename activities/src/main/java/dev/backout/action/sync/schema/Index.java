package dev.backout.action.sync.schema;

import java.util.List;

/**
 * An index that no key needs.
 *
 * @param columns empty if it is partial or of expressions
 * @param definition SQL that makes it again
 */
public record Index(String name, List<String> columns, boolean unique, String definition) {
  public Index {
    columns = List.copyOf(columns);
  }
}
