package dev.backout.action.sync.schema;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A table with rows of its own, or a partitioned one with those of its partitions.
 *
 * @param schema the one it is in; of SQLite {@code main}
 * @param columns in their order
 * @param primaryKey null if it has none
 * @param uniqueKeys that are neither partial nor of expressions
 * @param indexes besides the keys
 * @param triggers their names
 * @param checks their names, of PostgreSQL
 * @param estimatedRows as the database guesses; negative if it doesn't
 * @param bytes on disk with its indexes; negative if unknown
 */
public record Table(
    String schema,
    String name,
    boolean partitioned,
    List<Column> columns,
    @Nullable Key primaryKey,
    List<Key> uniqueKeys,
    List<ForeignKey> foreignKeys,
    List<Index> indexes,
    List<String> triggers,
    List<String> checks,
    long estimatedRows,
    long bytes) {
  public Table {
    columns = List.copyOf(columns);
    uniqueKeys = List.copyOf(uniqueKeys);
    foreignKeys = List.copyOf(foreignKeys);
    indexes = List.copyOf(indexes);
    triggers = List.copyOf(triggers);
    checks = List.copyOf(checks);
  }

  /** The column of exactly that name, or else the only one that differs in capitals. */
  public Optional<Column> column(String wanted) {
    return Names.find(columns, Column::name, wanted);
  }

  /** Those that can be written. */
  public List<Column> writable() {
    return columns.stream().filter(column -> !column.generated()).toList();
  }

  /**
   * What tells its rows apart whatever they hold: the primary key, or else a unique one without
   * nulls.
   */
  public Optional<Key> key() {
    return Stream.concat(Stream.ofNullable(primaryKey), uniqueKeys.stream())
        .filter(key -> !key.nullable())
        .findFirst();
  }
}
