package dev.backout.action.sync.compare;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import dev.backout.action.sync.compare.TableComparison.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sees whether two databases hold the same. */
@ActionInfo(
    name = "sync.compare",
    summary = "Compare the rows of two databases, PostgreSQL or SQLite",
    description =
        """
        Reads every row of both sides once, each in one snapshot, and compares table by table: how many rows there are, and a
        hash of their content in whatever order they stand. Where that differs, the rows are read again and joined by their
        keys. The memory that it takes doesn't grow with the data.

        ```yaml
        uses: sync.compare
        with: { source: secret:DATABASE_URL, target: "${{ inputs.home }}/var/app.db", except: [alembic_version] }
        expect: outputs.differs == []
        ```

        Two values are the same if they mean the same, whichever database wrote them down: SQLite's `1` is `true`, `1.50` is
        `1.5`, a time is the same instant with or without a `T` or a zone, JSON is the same whatever its spaces and the order of
        its names, `-0` is `0`. NULL, an empty text and `NaN` are three things. PostgreSQL's type says what a column of SQLite
        means; two SQLite files are compared as they are stored, two schemas of PostgreSQL by their types.

        A table or a column that one side hasn't makes a difference, unless `except` or `ignore` names it. The rows of a table
        without a key are compared as a whole, and counted. What is in the result is a part; the evidence file has more.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only reads.")
public final class CompareDatabases
    implements Action<CompareDatabases.Input, CompareDatabases.Output> {
  private static final int SHOWN = 5;
  private static final int MOST_SAID = 20;

  public record Input(
      @Doc(
              "One side: a PostgreSQL server and its login, such as `secret:DATABASE_URL`, or the path of a SQLite file.")
          TextOrSecret source,
      @Doc("The other side, likewise.") TextOrSecret target,
      @Doc(value = "Which of PostgreSQL's schemas.", defaultValue = "public") String schema,
      @Doc("Which of the target's, if it is another.") @Nullable String targetSchema,
      @Doc(value = "The tables to compare; all if empty.", defaultValue = "[]") List<String> tables,
      @Doc(value = "Tables that are left out.", defaultValue = "[]") List<String> except,
      @Doc(value = "Columns that are left out, as `column` or `table.column`.", defaultValue = "[]")
          List<String> ignore,
      @Doc(
              value = "What tells a table's rows apart, by its name, where its own key doesn't.",
              defaultValue = "{}")
          Map<String, List<String>> keys,
      @Doc(
              value =
                  "Columns whose values are not shown, as `column` or `table.column`; besides those whose names say so, such as"
                      + " `password`.",
              defaultValue = "[]")
          List<String> mask,
      @Doc(
              value = "How many rows of each kind are listed for a table in the evidence file.",
              defaultValue = "100")
          int most) {}

  public record Output(
      @Doc("Whether both sides hold the same.") boolean same,
      @Doc("What differs, as lines for people; the first few. Empty if nothing does.")
          List<String> differs,
      @Doc("How many rows differ, in all tables.") long differing,
      @Doc("How many rows the source has.") long sourceRows,
      @Doc("How many rows the target has.") long targetRows,
      @Doc("What stands for all of the source's tables that were compared.") String sourceHash,
      @Doc("What stands for all of the target's.") String targetHash,
      @Doc("The tables, by name.") List<TableComparison> tables,
      @Doc("Virtual and foreign tables, which were not compared.") List<String> notCompared,
      @Doc(value = "The evidence file, on the worker.", reading = true) Path path,
      @Doc("Its SHA-256; hexadecimal.") String sha256,
      @Doc(value = "How long it took.", reading = true) Duration duration) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException, IOException {
    long start = System.nanoTime();
    Selection selection =
        new Selection(input.tables(), input.except(), input.ignore(), input.keys());
    Masking masking = new Masking(input.mask(), context);
    ArrayNode details = Evidence.list();
    List<TableComparison> tables;
    List<String> others;
    try (Sides sides =
        Sides.open(input.source(), input.target(), input.schema(), input.targetSchema(), context)) {
      tables = tables(sides, selection, masking, input.most(), details);
      others = sides.others();
    }
    return output(tables, others, details, context, start);
  }

  private static List<TableComparison> tables(
      Sides sides, Selection selection, Masking masking, int most, ArrayNode details)
      throws ActionException, IOException {
    List<TableComparison> tables = new ArrayList<>();
    for (Selection.Wanted wanted : selection.of(sides.source().schema(), sides.target().schema())) {
      if (wanted.source().isPresent() && wanted.target().isPresent()) {
        Pair pair = Pair.of(wanted.source().get(), wanted.target().get(), selection);
        Differences differences = new Differences(pair, masking, most);
        Comparison.Sums sums =
            new Comparison(pair, sides.source(), sides.target()).run(differences);
        tables.add(TableComparison.of(pair, sums, differences, SHOWN));
        details.add(Evidence.of(pair, sums, differences));
      } else {
        TableComparison missing = missing(wanted, sides);
        tables.add(missing);
        details.add(Evidence.missing(missing));
      }
    }
    return tables;
  }

  private static TableComparison missing(Selection.Wanted wanted, Sides sides)
      throws ActionException {
    return wanted.source().isPresent()
        ? TableComparison.missing(
            wanted.name(), Verdict.ONLY_IN_SOURCE, sides.source().count(wanted.source().get()))
        : TableComparison.missing(
            wanted.name(),
            Verdict.ONLY_IN_TARGET,
            sides.target().count(wanted.target().orElseThrow()));
  }

  private static Output output(
      List<TableComparison> tables,
      List<String> others,
      ArrayNode details,
      ActionContext context,
      long start)
      throws IOException {
    ObjectNode evidence = Evidence.object();
    evidence.put("same", same(tables));
    evidence.set("tables", details);
    Evidence.Kept kept = Evidence.keep("comparison.json", Evidence.bytes(evidence), context);
    return new Output(
        same(tables),
        tables.stream().flatMap(TableComparison::said).limit(MOST_SAID).toList(),
        tables.stream().mapToLong(TableComparison::differing).sum(),
        tables.stream().mapToLong(each -> orZero(each.sourceRows())).sum(),
        tables.stream().mapToLong(each -> orZero(each.targetRows())).sum(),
        Evidence.sum(tables, TableComparison::sourceHash),
        Evidence.sum(tables, TableComparison::targetHash),
        tables,
        others,
        kept.path(),
        kept.sha256(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  private static boolean same(List<TableComparison> tables) {
    return tables.stream().allMatch(each -> each.verdict() == Verdict.SAME);
  }

  private static long orZero(@Nullable Long rows) {
    return rows == null ? 0 : rows;
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException, IOException {
    Output output = run(input, context);
    List<String> lines =
        new ArrayList<>(
            List.of("table\tsource\ttarget\tonly in source\tonly in target\tchanged\tcontent"));
    for (TableComparison each : output.tables()) {
      lines.add(
          String.join(
              "\t",
              each.table(),
              each.sourceRows() == null ? "no table" : each.sourceRows().toString(),
              each.targetRows() == null ? "no table" : each.targetRows().toString(),
              Long.toString(each.onlyInSource()),
              Long.toString(each.onlyInTarget()),
              Long.toString(each.changed()),
              each.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    }
    List<Detail> details = new ArrayList<>();
    details.add(new Detail(Preview.Kind.TABLE, "Tables", lines));
    if (!output.differs().isEmpty()) {
      details.add(new Detail(Preview.Kind.NOTE, "Some of what differs", output.differs()));
    }
    return new Preview(
        output.same()
            ? "Both sides hold the same " + output.sourceRows() + " rows"
            : "The sides differ: " + output.differing() + " rows",
        false,
        details,
        output);
  }
}
