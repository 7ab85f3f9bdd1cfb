package dev.backout.action.sync.compare;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.sync.schema.Schema;
import dev.backout.action.sync.schema.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which tables and columns are looked at.
 *
 * @param tables empty for all
 * @param except tables that are not
 * @param ignore columns that are not, as {@code column} or {@code table.column}
 * @param keys what tells a table's rows apart, where its own key doesn't
 */
record Selection(
    List<String> tables, List<String> except, List<String> ignore, Map<String, List<String>> keys) {

  /** One table, of which a side may have none. */
  record Wanted(String name, Optional<Table> source, Optional<Table> target) {}

  List<Wanted> of(Schema source, Schema target) throws ActionException {
    List<Wanted> wanted = new ArrayList<>();
    for (String name : tables.isEmpty() ? all(source, target) : tables) {
      if (except.stream().noneMatch(name::equalsIgnoreCase)) {
        wanted.add(new Wanted(name, source.table(name), target.table(name)));
      }
    }
    if (wanted.isEmpty()) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "There is nothing to compare: neither side has a table"
              + (except.isEmpty() ? "" : " but those that `except` names")
              + ". See whether these are the databases, and of PostgreSQL the schema, that you mean.");
    }
    for (Wanted each : wanted) {
      if (each.source().isEmpty() && each.target().isEmpty()) {
        throw new ActionException(
            Kind.INVALID_INPUT, "Neither side has a table " + each.name() + ". Correct `tables`.");
      }
    }
    return wanted;
  }

  private static List<String> all(Schema source, Schema target) {
    List<String> names = new ArrayList<>(source.tables().stream().map(Table::name).toList());
    target.tables().stream()
        .map(Table::name)
        .filter(name -> source.table(name).isEmpty())
        .forEach(names::add);
    names.sort(null);
    return names;
  }

  boolean ignores(String table, String column) {
    return named(ignore, table, column);
  }

  List<String> key(String table) {
    return keys.getOrDefault(table, List.of());
  }

  static boolean named(List<String> names, String table, String column) {
    return names.stream()
        .anyMatch(
            name -> name.equalsIgnoreCase(column) || name.equalsIgnoreCase(table + "." + column));
  }
}
