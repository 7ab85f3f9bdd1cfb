package dev.backout.action.sync;

import dev.backout.action.sync.schema.Column;
import dev.backout.action.sync.schema.Key;
import dev.backout.action.sync.schema.Table;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A table and where its rows go.
 *
 * @param target in the target, or as it is to be made there
 * @param isNew whether it is to be made
 * @param columns that are copied, in the target's names
 */
public record Match(Table source, Table target, boolean isNew, List<Pair> columns) {
  public Match {
    columns = List.copyOf(columns);
  }

  public List<String> sourceColumns() {
    return columns.stream().map(pair -> pair.source().name()).toList();
  }

  public List<String> targetColumns() {
    return columns.stream().map(pair -> pair.target().name()).toList();
  }

  public List<Form> forms() {
    return columns.stream().map(Pair::form).toList();
  }

  /**
   * The columns by which rows of both are the same one; empty if there is no such key. The target's
   * where the source has none: of a SQLite table with a primary key of text, since a row without
   * one can't be in the target.
   */
  public Optional<List<Pair>> key() {
    return key(source, Pair::source).or(() -> key(target, Pair::target));
  }

  private Optional<List<Pair>> key(Table table, Function<Pair, Column> side) {
    return table
        .key()
        .map(Key::columns)
        .map(names -> names.stream().flatMap(name -> pairs(name, side)).toList())
        .filter(pairs -> pairs.size() == table.key().orElseThrow().columns().size());
  }

  private Stream<Pair> pairs(String column, Function<Pair, Column> side) {
    return columns.stream().filter(pair -> side.apply(pair).name().equals(column));
  }

  public Optional<Pair> pair(String sourceColumn) {
    return source
        .column(sourceColumn)
        .map(Column::name)
        .flatMap(
            name -> columns.stream().filter(pair -> pair.source().name().equals(name)).findFirst());
  }

  @Override
  public String toString() {
    return source.name();
  }
}
