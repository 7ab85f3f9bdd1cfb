package dev.backout.action.sqlite;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Amounts;
import dev.backout.action.Disk;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.RunLabel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a database away from its application without losing it. */
@ActionInfo(
    name = "sqlite.setAside",
    summary = "Take a SQLite database away, so that its application begins a new one",
    description =
        """
        The database is given the name `NAME.before-RUN` beside its own, and then its own is taken away. SQLite folds its
        `-wal` or `-journal` into it first, so that it is one file, and whole. Nothing is removed for good; `sqlite.putBack` brings it back:

        ```yaml
        uses: sqlite.setAside
        with: { database: /srv/accounting/dev.db }
        undo:
          uses: sqlite.putBack
          with: { database: /srv/accounting/dev.db, former: "${{ outputs.?former }}" }
        ```

        It is refused while any process has the database open. A database that isn't there is a success, with no `former`.
        """,
    repeatable = Repeatable.SAFE,
    because = "A database that it has set aside is found under its new name, and left alone.")
public final class SetAsideDatabase
    implements Action<SetAsideDatabase.Input, SetAsideDatabase.Output> {

  public record Input(@Doc("The database.") Path database) {}

  public record Output(
      @Doc("Where the database is now; absent if there was none.") @Nullable Path former) {}

  @Override
  public Output run(Input input, ActionContext context) throws IOException, ActionException {
    Path database = context.allowed(input.database());
    requireFile(database);
    if (!Files.exists(database)) {
      Path former = OldDatabase.keptName(database, RunLabel.of(context));
      return new Output(Files.exists(former) ? former : null);
    }
    OpenFiles.requireNobodyHolds(database, "taking it away", context);
    try (OldDatabase old = OldDatabase.settle(database)) {
      OpenFiles.requireNobodyHolds(database, "taking it away", context);
      Path former = old.keep(RunLabel.of(context));
      old.removeSidecars();
      Files.delete(database);
      Disk.syncDirectory(Disk.directoryOf(database));
      return new Output(former);
    }
  }

  private static void requireFile(Path database) throws ActionException {
    if (Files.exists(database) && !Files.isRegularFile(database)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          database + " is not a file, so it is no SQLite database. Correct the path.");
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws IOException, ActionException {
    Path database = context.allowed(input.database());
    requireFile(database);
    if (!Files.exists(database)) {
      return new Preview("There is no " + database + " to take away", false, List.of(), null);
    }
    String kept = OldDatabase.keptName(database, "RUN").getFileName().toString();
    return new Preview(
        "Would take away " + database + " (" + Amounts.text(Files.size(database)) + ")",
        true,
        List.of(
            new Detail(Preview.Kind.NOTE, "Kept", List.of("as " + kept + ", in its directory"))),
        null);
  }
}
