package dev.backout.action.sync.compare;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import dev.backout.action.sync.compare.LossFiles.Part;
import dev.backout.action.sync.schema.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says what would be lost by going from one database to another. */
@ActionInfo(
    name = "sync.lossReport",
    summary = "Report what one database has that another has not: the loss that somebody accepts",
    description =
        """
        Compares as `sync.compare` does, and writes what the source has and the target hasn't: for each table how many rows, how
        many with other values, from when to when by a time column, and a sample; as Markdown, JSON and CSV. The report says
        nothing that differs from one time to the next: the same loss has the same SHA-256. The Markdown holds the hashes of the
        other two, so who signs its hash signs all:

        ```yaml
        - id: loss
          uses: sync.lossReport
          with: { source: secret:DATABASE_URL, target: "${{ inputs.home }}/var/app.db", timeColumn: created_at }
        - id: accept
          name: "Accept the loss of ${{ steps.loss.outputs.lost }} rows, report ${{ steps.loss.outputs.sha256 }}?"
          when: ${{ !steps.loss.outputs.lossless }}
          checkpoint: { approvers: [group:dba], quorum: 1, timeout: 15m }
        ```

        Values of columns whose names say so, such as `password`, and of those that `mask` names are masked in all three.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only reads, and writes files of its own.")
public final class ReportLoss implements Action<ReportLoss.Input, ReportLoss.Output> {

  public record Input(
      @Doc(
              "What may be lost: a PostgreSQL server and its login, such as `secret:DATABASE_URL`, or the path of a SQLite file.")
          TextOrSecret source,
      @Doc("What would be there instead, likewise.") TextOrSecret target,
      @Doc(value = "Which of PostgreSQL's schemas.", defaultValue = "public") String schema,
      @Doc("Which of the target's, if it is another.") @Nullable String targetSchema,
      @Doc(value = "The tables to look at; all if empty.", defaultValue = "[]") List<String> tables,
      @Doc(value = "Tables that are left out.", defaultValue = "[]") List<String> except,
      @Doc(value = "Columns that are left out, as `column` or `table.column`.", defaultValue = "[]")
          List<String> ignore,
      @Doc(
              value = "What tells a table's rows apart, by its name, where its own key doesn't.",
              defaultValue = "{}")
          Map<String, List<String>> keys,
      @Doc("The column that says when a row is from, in the tables that have it.")
          @Nullable String timeColumn,
      @Doc(value = "The same for single tables, by their names.", defaultValue = "{}")
          Map<String, String> timeColumns,
      @Doc(
              value =
                  "Columns whose values are not shown, as `column` or `table.column`; besides those whose names say so.",
              defaultValue = "[]")
          List<String> mask,
      @Doc(value = "How many rows of a table are shown.", defaultValue = "5") int sample,
      @Doc(value = "How many rows the CSV file lists at most, in all.", defaultValue = "10000")
          int most) {}

  public record Output(
      @Doc("Whether nothing would be lost.") boolean lossless,
      @Doc("How many rows would be lost.") long lost,
      @Doc("How many rows would have other values.") long changed,
      @Doc("When the first of them is from; absent if nothing says so.") @Nullable Instant first,
      @Doc("When the last of them is from.") @Nullable Instant last,
      @Doc("The tables, by name.") List<TableLoss> tables,
      @Doc(value = "The report for people, in Markdown, on the worker.", reading = true) Path path,
      @Doc("Its SHA-256, which stands for all three files; hexadecimal.") String sha256,
      @Doc(value = "The report for programs, with the sample.", reading = true) Path json,
      @Doc(value = "The list of the rows.", reading = true) Path csv,
      @Doc(value = "How long it took.", reading = true) Duration duration) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException, IOException {
    long start = System.nanoTime();
    LossFiles files;
    try (Sides sides =
        Sides.open(input.source(), input.target(), input.schema(), input.targetSchema(), context)) {
      files =
          new LossFiles(
              sides.source().place(),
              sides.target().place(),
              parts(sides, input, context),
              input.sample());
    }
    return output(files, context, start);
  }

  private static List<Part> parts(Sides sides, Input input, ActionContext context)
      throws ActionException, IOException {
    Selection selection =
        new Selection(input.tables(), input.except(), input.ignore(), input.keys());
    Masking masking = new Masking(input.mask(), context);
    List<Part> parts = new ArrayList<>();
    int left = input.most();
    for (Selection.Wanted wanted : selection.of(sides.source().schema(), sides.target().schema())) {
      if (wanted.source().isEmpty()) {
        parts.add(onlyInTarget(wanted, sides));
        continue;
      }
      Table source = wanted.source().get();
      // A table that the target hasn't is lost whole.
      Pair pair = Pair.of(source, wanted.target().orElse(source), selection);
      String time = input.timeColumns().getOrDefault(wanted.name(), input.timeColumn());
      Losses losses = new Losses(pair, masking, time, Math.max(left, input.sample()));
      if (wanted.target().isPresent()) {
        Comparison.Sums ignored = new Comparison(pair, sides.source(), sides.target()).run(losses);
      } else {
        all(pair, sides.source(), losses);
      }
      List<LostRow> rows = losses.rows();
      left = Math.max(0, left - rows.size());
      parts.add(new Part(losses.sum(), losses.columns(), rows));
    }
    return parts;
  }

  private static void all(Pair pair, Reader source, Losses losses)
      throws ActionException, IOException {
    Fingerprint print = new Fingerprint(pair);
    source.scan(
        pair.source(),
        pair.sourceColumns(),
        null,
        row -> {
          print.of(row);
          losses.onlyInSource(print, row);
        });
  }

  private static Part onlyInTarget(Selection.Wanted wanted, Sides sides) throws ActionException {
    long rows = sides.target().count(wanted.target().orElseThrow());
    return new Part(
        new TableLoss(wanted.name(), 0, 0, rows, null, null, null, List.of()),
        List.of(),
        List.of());
  }

  private static Output output(LossFiles files, ActionContext context, long start)
      throws IOException {
    Evidence.Kept json = Evidence.keep("loss.json", files.json(), context);
    Evidence.Kept csv = Evidence.keep("loss.csv", files.csv(), context);
    Evidence.Kept report =
        Evidence.keep("loss.md", files.markdown(json.sha256(), csv.sha256()), context);
    List<TableLoss> tables = files.parts().stream().map(Part::sum).toList();
    return new Output(
        tables.stream().allMatch(TableLoss::isLossless),
        tables.stream().mapToLong(TableLoss::lost).sum(),
        tables.stream().mapToLong(TableLoss::changed).sum(),
        tables.stream()
            .map(TableLoss::first)
            .filter(Objects::nonNull)
            .min(Instant::compareTo)
            .orElse(null),
        tables.stream()
            .map(TableLoss::last)
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElse(null),
        tables,
        report.path(),
        report.sha256(),
        json.path(),
        csv.path(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException, IOException {
    Output output = run(input, context);
    List<String> lines = new ArrayList<>(List.of("table\trows\tchanged\tfirst\tlast"));
    for (TableLoss each : output.tables()) {
      lines.add(
          String.join(
              "\t",
              each.table(),
              Long.toString(each.lost()),
              Long.toString(each.changed()),
              each.first() == null ? "" : each.first().toString(),
              each.last() == null ? "" : each.last().toString()));
    }
    List<Detail> details = new ArrayList<>();
    details.add(new Detail(Preview.Kind.TABLE, "Only in the source", lines));
    if (!output.lossless()) {
      details.add(
          new Detail(
              Preview.Kind.LOSS,
              "What would be lost",
              List.of(
                  output.lost() + " rows, and " + output.changed() + " changes to others",
                  "report " + output.path() + ", SHA-256 " + output.sha256())));
    }
    return new Preview(
        output.lossless()
            ? "Nothing would be lost"
            : output.lost() + " rows and " + output.changed() + " changes would be lost",
        false,
        details,
        output);
  }
}
