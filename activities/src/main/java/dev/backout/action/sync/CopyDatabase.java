package dev.backout.action.sync;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.ByteSize;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.TextOrSecret;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies data between PostgreSQL and SQLite. */
@ActionInfo(
    name = "sync.copy",
    summary = "Copy data from PostgreSQL to SQLite or back, without loss",
    description =
        """
        Rows go into the target's tables and columns of the same names; what the target lacks, or can't hold exactly, is
        refused before anything is copied, with all of it at once. A SQLite file without tables, or none at all, gets
        tables like the source's. What becomes of each type says [Types between PostgreSQL and SQLite](types.md).

        ```yaml
        uses: sync.copy
        with: { source: secret:DATABASE_URL, target: /srv/harvester/var/app.db }
        ```

        **The target is wholly as before or wholly new, whenever the machine or the worker dies.** A SQLite file is written
        beside the target, checked, made durable, and takes its place in one rename, as `sqlite.restore` does it; the
        former one is kept. A PostgreSQL database is written in one transaction, in which nobody else can use the tables.
        All is read as of one instant, foreign keys are checked, rows are counted on both sides, and sequences and
        AUTOINCREMENT go on behind the highest number of either side.

        The mode `delta` copies of the tables under `changed` only the rows since a time or a position, and all of the other
        tables. It compares the keys of all rows: it is refused if the target lacks a row that is older, and
        `deletes` says what happens to rows that the source has no more. The mode `merge` keeps also what the
        target has changed since; where both have changed a row, `conflicts` says which counts, and both values are in the evidence.

        The tables `alembic_version` and `_prisma_migrations` say which version the target's tables have, and are left alone
        where the target has tables, unless `tables` names them. Triggers don't fire. Nobody may use the target
        meanwhile.
        """,
    repeatable = Repeatable.NEVER,
    because =
        "What an application has written to the target since the first copy would be lost by a second one.")
public final class CopyDatabase implements Action<CopyDatabase.Input, CopyDatabase.Output> {

  /** What is copied. */
  public enum Mode {
    FULL,
    DELTA,
    MERGE
  }

  public record Input(
      @Doc("A PostgreSQL URL, such as `secret:DATABASE_URL`, or the path of a SQLite file.")
          TextOrSecret source,
      @Doc("The other of the two.") TextOrSecret target,
      @Doc(
              value =
                  "`full` for all rows, `delta` for those since `since`, `merge` for those and what the target has changed.",
              defaultValue = "full")
          Mode mode,
      @Doc(value = "Which schema of PostgreSQL.", defaultValue = "public") String schema,
      @Doc(value = "Which tables. All if empty.", defaultValue = "[]") List<String> tables,
      @Doc(value = "Tables that are left alone.", defaultValue = "[]") List<String> except,
      @Doc(
              value =
                  "By a PostgreSQL type's name (`timestamptz`, `uuid`, `numeric`) or by `table.column`: `plain` (a timestamptz without `+00:00`, as SQLAlchemy"
                      + " writes it), `hex` (a uuid without dashes), `approximate` (a number may be rounded), `skip` (the column is left out).",
              defaultValue = "{}")
          Map<String, Rule> rules,
      @Doc(value = "Whether tables that a SQLite target lacks are made.", defaultValue = "false")
          boolean create,
      @Doc(
              "For `delta` and `merge`: a time such as `2026-01-31T03:00:00Z`, or a position that grows, such as the highest number that was copied.")
          @Nullable String since,
      @Doc(
              value =
                  "How much earlier than a time in `since` rows are read all the same: for long transactions, and for clocks that differ. A change by a transaction that began still earlier, and was committed after, isn't seen; `sync.compare` sees it.",
              defaultValue = "10m")
          Duration overlap,
      @Doc(
              value =
                  "For `delta` and `merge`: by a table's name, or `*` for every other that has it, the column that says when a row was changed.",
              defaultValue = "{}")
          Map<String, String> changed,
      @Doc(
              value =
                  "What `delta` and `merge` do with rows that the source has no more: `report` leaves them, `apply` deletes them, `refuse` copies nothing then.",
              defaultValue = "report")
          Deletes deletes,
      @Doc(
              value =
                  "For `merge`, which side counts where both changed a row: `lastWrite`, `source`, `target`, or `ask`, which copies nothing then.",
              defaultValue = "ask")
          Winner conflicts,
      @Doc(
              value = "Columns as `table.column` whose values are not written into evidence.",
              defaultValue = "[]")
          List<String> mask,
      @Doc(
              value =
                  "How long tables of a PostgreSQL target are waited for that somebody else uses.",
              defaultValue = "10s")
          Duration lockTimeout,
      @Doc(
              value = "Whether a former SQLite file is kept beside the new one.",
              defaultValue = "true")
          boolean keepFormer) {

    Since position() {
      return new Since(since == null ? "" : since, overlap);
    }

    Matching.Wish wish() {
      return new Matching.Wish(tables, except, rules, create);
    }

    void requireComplete() throws ActionException {
      if (mode != Mode.FULL && (since == null || changed.isEmpty())) {
        throw new ActionException(
            Kind.INVALID_INPUT,
            "The mode "
                + (mode == Mode.DELTA ? "delta" : "merge")
                + " needs since, and under changed the columns that say when a row was changed.");
      }
    }
  }

  public record Output(
      @Doc("From which database to which.") String direction,
      @Doc("What became of each table.") List<TableReport> tables,
      @Doc("How many rows were read in all.") long rows,
      @Doc("How many rows both sides had changed.") long conflicts,
      @Doc("As of when the source was read, by its own clock.") Instant dataAsOf,
      @Doc("The same as text: the `since` of a later delta.") String position,
      @Doc("What is otherwise than it was, though nothing is lost.") List<String> notes,
      @Doc("The rows that both sides had changed, with both values; absent if there are none.")
          @Nullable Path conflictReport,
      @Doc("Where the former SQLite file is; absent if there was none, or it wasn't to be kept.")
          @Nullable Path former,
      @Doc("How many bytes were read.") ByteSize size,
      @Doc("How long it took.") Duration duration) {}

  @Override
  public Output run(Input input, ActionContext context) throws Exception {
    return direction(input, context).run();
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws Exception {
    return direction(input, context).preview();
  }

  /** One way. */
  interface Direction {
    Output run() throws Exception;

    Preview preview() throws Exception;
  }

  private static Direction direction(Input input, ActionContext context) throws ActionException {
    input.requireComplete();
    Side source = Side.of("source", input.source(), input.schema(), context);
    Side target = Side.of("target", input.target(), input.schema(), context);
    if (source instanceof PostgresSide server && target instanceof SqliteSide file) {
      return new PostgresToSqlite(server, file, input, context);
    }
    if (source instanceof SqliteSide file && target instanceof PostgresSide server) {
      return new SqliteToPostgres(file, server, input, context);
    }
    throw new ActionException(
        Kind.INVALID_INPUT,
        "One of source and target is to be a PostgreSQL database and the other a SQLite file, and both are the same."
            + " To copy a SQLite file there is sqlite.snapshot, and sqlite.restore.");
  }
}
