package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.sync.schema.Affinity;
import dev.backout.action.sync.schema.Column;
import dev.backout.action.sync.schema.ColumnType;
import dev.backout.action.sync.schema.Dialect;
import dev.backout.action.sync.schema.PostgresKind;
import dev.backout.action.sync.schema.Schema;
import dev.backout.action.sync.schema.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which rows go where, in what form: decided before anything is copied, with all that stands
 * against it.
 *
 * @param problems each a table or a column that can't be copied, and what to do
 * @param notes what becomes otherwise than it was, though nothing is lost
 */
public record Matching(List<Match> matches, List<String> problems, List<String> notes) {

  /** Of a schema's version, and so the target's own where the target's tables are. */
  private static final Set<String> VERSIONS = Set.of("alembic_version", "_prisma_migrations");

  /**
   * @param tables the source's; all if empty
   * @param except of them
   * @param rules by a type's name or {@code table.column}
   * @param create whether tables that the target lacks are to be made
   */
  public record Wish(
      List<String> tables, List<String> except, Map<String, Rule> rules, boolean create) {}

  public static Matching of(Schema source, Schema target, Wish wish) {
    return new Matcher(source, target, wish).match();
  }

  /** Refuses with everything at once. */
  public void require() throws ActionException {
    if (!problems.isEmpty()) {
      throw new ActionException(
          Kind.INVALID_INPUT, "Nothing was copied: " + String.join("; ", problems) + ".");
    }
  }

  private static final class Matcher {
    private final Schema source;
    private final Schema target;
    private final Wish wish;
    private final List<Match> matches = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    Matcher(Schema source, Schema target, Wish wish) {
      this.source = source;
      this.target = target;
      this.wish = wish;
    }

    Matching match() {
      requireKnown(wish.tables());
      wish.rules().forEach(this::requireMeaning);
      for (String other : source.others()) {
        if (!excluded(other)) {
          notes.add(other + " is a virtual or foreign table, and its rows are not copied");
        }
      }
      for (String other : target.others()) {
        notes.add(
            other
                + " is a virtual or foreign table of the target, and isn't written; a full-text index over a table's rows (FTS5 with content=) is built again");
      }
      Set<String> taken = new HashSet<>();
      for (Table table : source.tables()) {
        if (wanted(table)) {
          table(table).ifPresent(matches::add);
          if (!taken.add(table.name().toLowerCase(Locale.ROOT))
              && target.dialect() == Dialect.SQLITE) {
            problems.add(
                table.name()
                    + " differs from another table only in capitals, which SQLite doesn't tell apart: name one under except");
          }
        }
      }
      if (matches.isEmpty() && problems.isEmpty()) {
        problems.add(
            "there is no table to copy in " + source.name() + ": see tables, except and schema");
      }
      return new Matching(List.copyOf(matches), List.copyOf(problems), List.copyOf(notes));
    }

    private void requireKnown(List<String> names) {
      for (String name : names) {
        if (source.table(name).isEmpty()) {
          problems.add("the source has no table " + name + ": correct tables");
        }
      }
    }

    /** A rule that concerns nothing would be one that somebody counts on in vain. */
    private void requireMeaning(String of, Rule rule) {
      String type =
          switch (rule) {
            case PLAIN -> "timestamptz";
            case HEX -> "uuid";
            case APPROXIMATE -> "numeric";
            case SKIP -> "";
          };
      if (!of.equals(type) && !hasColumn(of)) {
        problems.add(
            "rules names "
                + of
                + ", and the source has no such column: write "
                + (type.isEmpty() ? "table.column" : type + " or table.column"));
      }
    }

    private boolean hasColumn(String place) {
      return source.tables().stream()
          .anyMatch(
              table ->
                  table.columns().stream().anyMatch(column -> place(table, column).equals(place)));
    }

    private boolean wanted(Table table) {
      boolean named =
          wish.tables().isEmpty()
              || wish.tables().stream().anyMatch(table.name()::equalsIgnoreCase);
      return named && !excluded(table.name());
    }

    private boolean excluded(String table) {
      boolean version = VERSIONS.contains(table) && !target.tables().isEmpty();
      return wish.except().stream().anyMatch(table::equalsIgnoreCase)
          || version && wish.tables().stream().noneMatch(table::equalsIgnoreCase);
    }

    private Optional<Match> table(Table table) {
      Optional<Table> there = target.table(table.name());
      if (there.isEmpty() && !creates()) {
        problems.add(
            "the target has no table "
                + table.name()
                + ": bring its schema to the source's revision, name the table under except"
                + (target.dialect() == Dialect.SQLITE
                    ? ", or let it be made with create: true"
                    : ""));
        return Optional.empty();
      }
      Table into = there.orElseGet(() -> NewTable.like(table, notes));
      List<Pair> pairs = new ArrayList<>();
      for (Column column : table.columns()) {
        column(table, column, into).ifPresent(pairs::add);
      }
      requireFilled(table, into, pairs);
      return Optional.of(new Match(table, into, there.isEmpty(), pairs));
    }

    private boolean creates() {
      return target.dialect() == Dialect.SQLITE && (wish.create() || target.tables().isEmpty());
    }

    private void requireFilled(Table table, Table into, List<Pair> pairs) {
      for (Column column : into.writable()) {
        boolean filled = pairs.stream().anyMatch(pair -> pair.target().equals(column));
        if (!filled && column.notNull() && !column.hasDefault()) {
          problems.add(
              place(table, column)
                  + " must not be null in the target, has no default there, and the source lacks it");
        }
      }
    }

    private Optional<Pair> column(Table table, Column from, Table into) {
      if (rule(table, from) == Rule.SKIP) {
        notes.add(place(table, from) + " is left out, as the runbook says");
        return Optional.empty();
      }
      Optional<Column> to = into.column(from.name());
      if (to.isEmpty()) {
        problems.add(
            "the target has no column "
                + place(table, from)
                + ": bring its schema to the source's revision, or leave the column out with the rule skip");
        return Optional.empty();
      }
      if (to.get().generated()) {
        if (!from.generated()) {
          problems.add(
              place(table, from)
                  + " is computed by the target, and not by the source, so that its values could differ: leave it out with the rule skip");
        }
        return Optional.empty();
      }
      Pair pair = pair(table, from, to.get());
      String problem = mismatch(pair);
      if (problem != null) {
        problems.add(place(table, from) + " " + problem);
      }
      return Optional.of(pair);
    }

    private Pair pair(Table table, Column from, Column to) {
      Column postgres = source.dialect() == Dialect.POSTGRES ? from : to;
      Column sqlite = source.dialect() == Dialect.POSTGRES ? to : from;
      Rule rule = rule(table, postgres);
      return new Pair(
          from, to, form(postgres, rule), check(postgres.postgres(), sqlite.sqlite(), rule));
    }

    private static Form form(Column postgres, @Nullable Rule rule) {
      if (rule == Rule.PLAIN && postgres.kind() == PostgresKind.TIMESTAMPTZ) {
        return Form.TIMESTAMP;
      }
      return rule == Rule.HEX && postgres.kind() == PostgresKind.UUID
          ? Form.UUID_HEX
          : Form.of(postgres.kind());
    }

    private static Pair.Check check(
        ColumnType.Postgres from, ColumnType.Sqlite to, @Nullable Rule rule) {
      if (!to.affinity().readsNumbers() || to.strict()) {
        return Pair.Check.NONE;
      }
      return switch (from.kind()) {
        case NUMERIC ->
            rule == Rule.APPROXIMATE || from.precision() > 0 && from.precision() <= 15
                ? Pair.Check.NONE
                : Pair.Check.EXACT_NUMBER;
        case JSON, JSONB -> Pair.Check.EXACT_NUMBER;
        case TEXT, UUID, OTHER -> Pair.Check.NO_NUMBER;
        default -> Pair.Check.NONE;
      };
    }

    private @Nullable Rule rule(Table table, Column column) {
      Rule own = wish.rules().get(table.name() + "." + column.name());
      return own != null || !(column.type() instanceof ColumnType.Postgres type)
          ? own
          : wish.rules().get(type.name());
    }

    /** Null if SQLite's column takes what PostgreSQL's has. */
    private @Nullable String mismatch(Pair pair) {
      boolean out = source.dialect() == Dialect.POSTGRES;
      ColumnType.Postgres postgres = (out ? pair.source() : pair.target()).postgres();
      ColumnType.Sqlite sqlite = (out ? pair.target() : pair.source()).sqlite();
      Set<Affinity> takes = Affinities.that(postgres.kind(), sqlite);
      if (takes.contains(sqlite.affinity())) {
        return null;
      }
      return "is "
          + postgres.declared()
          + " in PostgreSQL and "
          + (sqlite.declared().isEmpty() ? "without a type" : sqlite.declared())
          + " in SQLite, which would make something else of its values: declare it as "
          + Affinities.advice(postgres.kind())
          + " there, or leave it out with the rule skip";
    }

    private static String place(Table table, Column column) {
      return table.name() + "." + column.name();
    }
  }
}
