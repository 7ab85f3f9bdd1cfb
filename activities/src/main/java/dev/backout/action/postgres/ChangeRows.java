package dev.backout.action.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts rows right, on purpose and with a record of it. */
@ActionInfo(
    name = "postgres.execute",
    summary =
        "Change rows of a PostgreSQL database by statements that say how many rows they concern",
    description =
        """
        All statements are one transaction. One that concerns another number of rows than `rows` says takes all back. The preview really does it and rolls it
        back: it shows the rows of `show` before and after, and what `returning` gives. What a trigger does outside the database is not taken back.

        ```yaml
        uses: postgres.execute
        with:
          url: secret:DATABASE_URL
          statements:
            - sql: insert into ledger_entries (invoice_id, change_amount, note) values (?, ?, ?) returning id
              parameters: ["${{ inputs.invoice }}", -12.50, "credited twice"]
              rows: 1
          show:
            - query: select id, change_amount, note from ledger_entries where invoice_id = ?
              parameters: ["${{ inputs.invoice }}"]
          audit: { table: audit_log }
        probe:
          uses: postgres.query
          with:
            url: secret:DATABASE_URL
            query: select count(*) from audit_log where run = ? and step = 'fix'
            parameters: ["${{ run.id }}"]
          expect: outputs.value == 1
        ```

        With `audit` a row goes into that table in the same transaction, so that there is one if, and only if, the change was made. It has the columns
        `run`, `step`, `runbook`, `approved_by`, `statements`, all of them text, and `row_count`, a bigint; `values` gives others. `approved_by` are those who have opened
        the run's checkpoints so far, as the run itself knows it. A run whose step has
        its row there is refused, however often it is tried. Where the connection is lost while the change is committed, the step is in doubt; the probe
        above asks for the row, and so settles it. Rows before and after are kept in an evidence file. Columns that look confidential, and
        those under `masked`, are `***` in all of it.
        """,
    repeatable = Repeatable.NEVER,
    because = "A second time may change what the first has put right.")
public final class ChangeRows implements Action<ChangeRows.Input, ChangeRows.Output> {
  private static final int SHOWN = 20;

  public record Input(
      @Doc("The server, the login and the database, such as `secret:DATABASE_URL`.")
          TextOrSecret url,
      @Doc("Another database of the server than the URL's.") @Nullable String database,
      @Doc("What is done, in this order.") List<Change> statements,
      @Doc(value = "Questions whose rows are shown before and after.", defaultValue = "[]")
          List<Look> show,
      @Doc("Where it is noted. Nowhere if absent.") @Nullable Audit audit,
      @Doc(value = "Columns whose values nobody is to see.", defaultValue = "[]")
          List<String> masked,
      @Doc(value = "When PostgreSQL gives a statement up.", defaultValue = "30s") Duration timeout,
      @Doc(value = "How long it waits for a row or table that somebody holds.", defaultValue = "5s")
          Duration lockTimeout) {}

  /** One statement. */
  public record Change(
      @Doc("One statement.") String sql,
      @Doc(value = "The values of its `?`, in their order.", defaultValue = "[]")
          List<JsonNode> parameters,
      @Doc("How many rows it concerns. Any number if absent.") @Nullable Long rows) {}

  /** One question. */
  public record Look(
      @Doc("One statement that reads; order its rows.") String query,
      @Doc(value = "The values of its `?`, in their order.", defaultValue = "[]")
          List<JsonNode> parameters) {}

  /** Where a change is noted. */
  public record Audit(
      @Doc("The table, with its schema unless it is on the search path.") String table,
      @Doc(value = "Further columns with their values.", defaultValue = "{}")
          Map<String, JsonNode> values) {}

  public record Output(
      @Doc("How many rows each statement concerned.") List<Long> counts,
      @Doc("How many rows that are in all.") long rows,
      @Doc("What each statement gave back by `returning`, such as the ids: at most 1000 rows each.")
          List<List<Map<String, JsonNode>>> returned,
      @Doc("The rows of `show` before and after, as JSON; absent without `show`.")
          @Nullable Path evidence,
      @Doc("That file's SHA-256; absent without `show`.") @Nullable String sha256) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException, IOException {
    requireFits(input);
    Fix.Made made = new Fix(input, context).carryOut(true);
    return new Output(
        made.counts(),
        made.counts().stream().mapToLong(Long::longValue).sum(),
        made.returned(),
        made.kept() == null ? null : made.kept().file(),
        made.kept() == null ? null : made.kept().sha256());
  }

  private static void requireFits(Input input) throws ActionException {
    if (input.statements().isEmpty()) {
      throw new ActionException(
          Kind.INVALID_INPUT, "statements is empty, so there is nothing to do.");
    }
    for (int i = 0; i < input.statements().size(); i++) {
      OneStatement.require("statements[" + i + "].sql", input.statements().get(i).sql());
    }
    for (int i = 0; i < input.show().size(); i++) {
      OneStatement.require("show[" + i + "].query", input.show().get(i).query());
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException, IOException {
    requireFits(input);
    Fix.Made made = new Fix(input, context).carryOut(false);
    List<Detail> details = new ArrayList<>();
    for (int i = 0; i < made.counts().size(); i++) {
      String sql = input.statements().get(i).sql().strip();
      details.add(
          new Detail(
              Preview.Kind.NOTE,
              "Concerns " + made.counts().get(i) + " rows",
              sql.lines().toList()));
      if (!made.returned().get(i).isEmpty()) {
        details.add(new Detail(Preview.Kind.TABLE, "It gives back", lines(made.returned().get(i))));
      }
    }
    made.looks()
        .forEach(
            look -> {
              details.add(
                  new Detail(Preview.Kind.TABLE, "Before: " + look.query(), lines(look.before())));
              details.add(
                  new Detail(Preview.Kind.TABLE, "After: " + look.query(), lines(look.after())));
            });
    long rows = made.counts().stream().mapToLong(Long::longValue).sum();
    return new Preview(
        "Would change " + rows + " rows: it was done just now, and rolled back",
        true,
        details,
        null);
  }

  private static List<String> lines(List<Map<String, JsonNode>> rows) {
    if (rows.isEmpty()) {
      return List.of("no rows");
    }
    List<String> lines = new ArrayList<>();
    lines.add(String.join("\t", rows.get(0).keySet()));
    rows.stream()
        .limit(SHOWN)
        .forEach(
            row ->
                lines.add(String.join("\t", row.values().stream().map(JsonNode::asText).toList())));
    if (rows.size() > SHOWN) {
      lines.add("… and " + (rows.size() - SHOWN) + " more");
    }
    return lines;
  }
}
