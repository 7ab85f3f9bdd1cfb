package dev.backout.action.sync.schema;

import java.util.List;
import java.util.Optional;

/**
 * The tables of a database, or of one schema in it.
 *
 * @param dialect whose types they have
 * @param name of the schema; of SQLite {@code main}
 * @param tables by name
 * @param others what else there is that holds rows and is no table of that kind: virtual and
 *     foreign tables
 */
public record Schema(Dialect dialect, String name, List<Table> tables, List<String> others) {
  public Schema {
    tables = List.copyOf(tables);
    others = List.copyOf(others);
  }

  /** The table of exactly that name, or else the only one that differs in capitals. */
  public Optional<Table> table(String wanted) {
    return Names.find(tables, Table::name, wanted);
  }
}
