package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.sync.schema.ColumnType;
import dev.backout.action.sync.schema.Dialect;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which tables are written anew, and of which only what was changed.
 *
 * @param anew all rows
 * @param changed by the column that says when
 */
record Scope(Set<Match> anew, Map<Match, Pair> changed) {
  private static final String ANY = "*";

  /**
   * @param now by the source's clock
   */
  static Scope of(List<Match> matches, CopyDatabase.Input input, Instant now)
      throws ActionException {
    Set<Match> anew = new LinkedHashSet<>();
    Map<Match, Pair> changed = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    requireKnown(matches, input, problems);
    for (Match match : matches) {
      if (input.mode() == CopyDatabase.Mode.FULL) {
        anew.add(match);
        continue;
      }
      Optional<Pair> column = column(match, input, problems);
      if (column.isPresent() && !match.isNew()) {
        changed.put(match, column.get());
      } else if (input.mode() == CopyDatabase.Mode.MERGE) {
        problems.add(
            match
                + " can't be merged without a column that says when a row was changed, and a key: name the column under changed, or name the table under except");
      } else {
        anew.add(match);
      }
    }
    if (!problems.isEmpty()) {
      throw new ActionException(
          Kind.INVALID_INPUT, "Nothing was copied: " + String.join("; ", problems) + ".");
    }
    for (Map.Entry<Match, Pair> entry : changed.entrySet()) {
      input.position().requirePast(entry.getKey(), entry.getValue(), now);
    }
    return new Scope(anew, changed);
  }

  private static void requireKnown(
      List<Match> matches, CopyDatabase.Input input, List<String> problems) {
    for (String table : input.changed().keySet()) {
      if (!table.equals(ANY)
          && matches.stream().noneMatch(match -> match.source().name().equals(table))) {
        problems.add("changed names " + table + ", which is not copied: correct it");
      }
    }
  }

  private static Optional<Pair> column(
      Match match, CopyDatabase.Input input, List<String> problems) {
    String own = input.changed().get(match.source().name());
    String name = own != null ? own : input.changed().get(ANY);
    if (name == null) {
      return Optional.empty();
    }
    Optional<Pair> pair = match.pair(name);
    if (own != null && pair.isEmpty()) {
      problems.add(match + " has no column " + name + ": correct changed");
    }
    if (own != null && match.key().isEmpty()) {
      problems.add(
          match
              + " has no key by which rows could be told apart: take it out of changed, so that all of it is copied");
    }
    return match.key().isPresent() ? pair : Optional.empty();
  }

  /** The condition in the source's SQL for what is read of a table. */
  static String where(Match match, Pair changed, Since since) throws ActionException {
    String column = Dialect.quote(changed.source().name());
    String literal =
        changed.source().type() instanceof ColumnType.Postgres
            ? since.forPostgres(match, changed, true)
            : since.forSqlite(match, changed, true);
    return column + " >= " + literal + " OR " + column + " IS NULL";
  }

  /** What is to be read, and into what. */
  List<Load> loads(Map<Match, StagedRows> staged, Since since) throws ActionException {
    List<Load> loads = new ArrayList<>();
    anew.forEach(match -> loads.add(Load.all(match)));
    for (Map.Entry<Match, StagedRows> entry : staged.entrySet()) {
      Match match = entry.getKey();
      StagedRows rows = entry.getValue();
      loads.add(
          new Load(match, rows.rows(), match.columns(), where(match, rows.changed(), since), -1));
      loads.add(new Load(match, rows.keys(), rows.key(), "", match.source().estimatedRows()));
    }
    return loads;
  }
}
