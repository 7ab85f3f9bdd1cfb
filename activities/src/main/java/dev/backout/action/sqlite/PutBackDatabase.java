package dev.backout.action.sqlite;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Takes back what {@link SetAsideDatabase} did. */
@ActionInfo(
    name = "sqlite.putBack",
    summary = "Give a SQLite database that was taken away its place again",
    description =
        """
        The undo of `sqlite.setAside`: the database in `former` is restored as `sqlite.restore` does it, verified and in one rename.
        Without `former` there was none, and what has come to stand there is taken away.

        Either way what stands there now is kept beside it, as `NAME.before-RUN`. It is refused while any process has it open.
        """,
    repeatable = Repeatable.NEVER,
    because =
        "What an application has written since the first time would be taken away by a second one.")
public final class PutBackDatabase
    implements Action<PutBackDatabase.Input, PutBackDatabase.Output> {
  private final SetAsideDatabase setAside = new SetAsideDatabase();
  private final RestoreDatabase restore = new RestoreDatabase();

  public record Input(
      @Doc("The database.") Path database,
      @Doc("Where the former one is; absent if there was none.") @Nullable Path former) {

    private RestoreDatabase.Input restoration(Path backup) {
      return new RestoreDatabase.Input(backup, database, null, null, null, true, false);
    }
  }

  public record Output(
      @Doc("Where what stood there until now is kept; absent if nothing did.")
          @Nullable Path replaced) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws IOException, SQLException, ActionException {
    @Nullable Path former = input.former();
    return new Output(
        former == null
            ? setAside.run(new SetAsideDatabase.Input(input.database()), context).former()
            : restore.run(input.restoration(former), context).former());
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws IOException, SQLException, ActionException {
    @Nullable Path former = input.former();
    return former == null
        ? setAside.preview(new SetAsideDatabase.Input(input.database()), context)
        : restore.preview(input.restoration(former), context);
  }
}
