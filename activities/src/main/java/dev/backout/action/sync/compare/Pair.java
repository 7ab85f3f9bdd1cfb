package dev.backout.action.sync.compare;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.sync.schema.Column;
import dev.backout.action.sync.schema.Key;
import dev.backout.action.sync.schema.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A table that both have, and what of it is compared.
 *
 * @param columns those of the key first
 * @param keys how many of them are the key; none if nothing tells rows apart, which are then
 *     compared as a whole
 * @param onlyInSource columns that the target hasn't
 * @param onlyInTarget columns that the source hasn't
 */
record Pair(
    Table source,
    Table target,
    List<Compared> columns,
    int keys,
    List<String> onlyInSource,
    List<String> onlyInTarget) {

  /** A column of both. */
  record Compared(Column source, Column target, Meaning meaning) {}

  String name() {
    return source.name();
  }

  List<Column> sourceColumns() {
    return columns.stream().map(Compared::source).toList();
  }

  List<Column> targetColumns() {
    return columns.stream().map(Compared::target).toList();
  }

  List<String> key() {
    return columns.subList(0, keys).stream().map(each -> each.source().name()).toList();
  }

  boolean hasSameColumns() {
    return onlyInSource.isEmpty() && onlyInTarget.isEmpty();
  }

  Optional<Integer> column(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).source().name().equalsIgnoreCase(name)) {
        return Optional.of(i);
      }
    }
    return Optional.empty();
  }

  static Pair of(Table source, Table target, Selection selection) throws ActionException {
    List<Compared> both = new ArrayList<>();
    List<String> onlyInSource = new ArrayList<>();
    for (Column column : source.columns()) {
      if (selection.ignores(source.name(), column.name())) {
        continue;
      }
      Optional<Column> like = target.column(column.name());
      if (like.isPresent()) {
        both.add(new Compared(column, like.get(), Meaning.of(column.type(), like.get().type())));
      } else {
        onlyInSource.add(column.name());
      }
    }
    List<String> onlyInTarget =
        target.columns().stream()
            .map(Column::name)
            .filter(name -> source.column(name).isEmpty())
            .filter(name -> !selection.ignores(source.name(), name))
            .toList();
    List<Compared> key = key(source, target, both, selection);
    both.removeAll(key);
    both.addAll(0, key);
    return new Pair(source, target, both, key.size(), onlyInSource, onlyInTarget);
  }

  private static List<Compared> key(
      Table source, Table target, List<Compared> both, Selection selection) throws ActionException {
    List<String> named = selection.key(source.name());
    if (!named.isEmpty()) {
      List<Compared> found = those(named, both);
      if (found.size() < named.size()) {
        throw new ActionException(
            Kind.INVALID_INPUT,
            "keys names "
                + String.join(", ", named)
                + " of table "
                + source.name()
                + ", and not all of them are columns of both. Correct it.");
      }
      return found;
    }
    return Stream.of(source.key(), target.key())
        .flatMap(Optional::stream)
        .map(Key::columns)
        .filter(columns -> those(columns, both).size() == columns.size())
        .map(columns -> those(columns, both))
        .findFirst()
        .orElse(List.of());
  }

  private static List<Compared> those(List<String> names, List<Compared> both) {
    return names.stream()
        .flatMap(
            name ->
                both.stream().filter(each -> each.source().name().equalsIgnoreCase(name)).limit(1))
        .toList();
  }
}
