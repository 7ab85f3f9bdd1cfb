package dev.backout.action.sync;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.sync.schema.Dialect;
import java.io.IOException;
import java.sql.SQLException;

/** Brings staged rows into their table, by what the runbook says of deletes and conflicts. */
final class Merging {
  private final CopyDatabase.Input input;
  private final Conflicts conflicts;
  private final Dialect target;

  Merging(CopyDatabase.Input input, Conflicts conflicts, Dialect target) {
    this.input = input;
    this.conflicts = conflicts;
    this.target = target;
  }

  /**
   * @param read how many rows were staged
   */
  TableReport apply(StagedRows staged, long read)
      throws SQLException, ActionException, IOException {
    staged.index();
    boolean merge = input.mode() == CopyDatabase.Mode.MERGE;
    if (!merge) {
      staged.requireNoneMissing();
    }
    staged.dropUnchanged();
    long disputed = merge ? settle(staged) : 0;
    String since = merge ? " AND " + notChangedHere(staged) : "";
    long deleted = delete(staged, since);
    long updated = staged.countUpdates();
    long inserted = staged.count() - updated;
    staged.write();
    return new TableReport(
        staged.match().source().name(),
        read,
        inserted,
        updated,
        deleted,
        staged.countGone(""),
        disputed,
        staged.count(staged.table()));
  }

  private long delete(StagedRows staged, String condition) throws SQLException, ActionException {
    if (input.deletes() == Deletes.APPLY) {
      return staged.deleteGone(condition);
    }
    long gone = input.deletes() == Deletes.REFUSE ? staged.countGone(condition) : 0;
    if (gone > 0) {
      throw new ActionException(
          Kind.PERMANENT,
          "The target has "
              + gone
              + " rows of "
              + staged.match()
              + " that the source has no more. Say by deletes whether they are to be deleted (apply) or to stay (report). Nothing was changed.");
    }
    return 0;
  }

  /** Leaves of the staged rows those that are to be written; how many were disputed. */
  private long settle(StagedRows staged) throws SQLException, ActionException, IOException {
    String changed = Dialect.quote(staged.changed().target().name());
    String since = literal(staged);
    String both = "t." + changed + " > " + since + " AND s." + changed + " > " + since;
    String sourceWins = sourceWins("s", changed);
    long disputed =
        staged.count(
            staged.rows()
                + " s JOIN "
                + staged.table()
                + " t ON "
                + staged.same("s", "t")
                + " WHERE "
                + both);
    if (disputed > 0) {
      conflicts.write(staged, both, sourceWins);
    }
    if (disputed > 0 && input.conflicts() == Winner.ASK) {
      throw new ActionException(
          Kind.PERMANENT,
          disputed
              + " rows of "
              + staged.match()
              + " were changed on both sides; both values are in "
              + conflicts.file()
              + ". Choose by conflicts which side counts: lastWrite, source or target. Nothing was changed.");
    }
    String rows = staged.rows();
    staged.execute(
        "DELETE FROM "
            + rows
            + " WHERE EXISTS (SELECT 1 FROM "
            + staged.table()
            + " t WHERE "
            + staged.same("t", rows)
            + " AND t."
            + changed
            + " > "
            + since
            + " AND NOT coalesce("
            + rows
            + "."
            + changed
            + " > "
            + since
            + " AND "
            + sourceWins(rows, changed)
            + ", false))");
    return disputed;
  }

  /**
   * @param row the name by which SQL knows the source's
   */
  private String sourceWins(String row, String changed) {
    return switch (input.conflicts()) {
      case LAST_WRITE -> row + "." + changed + " > t." + changed;
      case SOURCE -> "1 = 1";
      case TARGET, ASK -> "1 = 0";
    };
  }

  private String notChangedHere(StagedRows staged) throws ActionException {
    String changed = staged.table() + "." + Dialect.quote(staged.changed().target().name());
    return "NOT coalesce(" + changed + " > " + literal(staged) + ", false)";
  }

  private String literal(StagedRows staged) throws ActionException {
    Since since = input.position();
    return target == Dialect.POSTGRES
        ? since.forPostgres(staged.match(), staged.changed(), false)
        : since.forSqlite(staged.match(), staged.changed(), false);
  }
}
