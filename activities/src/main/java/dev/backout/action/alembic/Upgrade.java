package dev.backout.action.alembic;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.TextOrSecret;
import dev.backout.action.alembic.AlembicProject.Where;
import dev.backout.action.program.In;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes a database on to a later revision. */
@ActionInfo(
    name = "alembic.upgrade",
    summary = "Take a database on to a later Alembic revision",
    description =
        """
        With the same checks, and the same safety on SQLite, as `alembic.downgrade`, whose `undo` it is. A migration that is run for
        the first time is better tried elsewhere first.
        """,
    repeatable = Repeatable.NEVER,
    because = "A migration that was broken off has to be looked at.")
public final class Upgrade implements Action<Upgrade.Input, Upgrade.Output> {

  public record Input(
      @Doc(value = Texts.TO, defaultValue = "head") String to,
      @Doc(Texts.IN) @Nullable In in,
      @Doc(Texts.DIRECTORY) @Nullable Path directory,
      @Doc(value = Texts.CONFIG, defaultValue = "alembic.ini") Path config,
      @Doc(value = Texts.PYTHON, defaultValue = "python3") String python,
      @Doc(value = Texts.ENVIRONMENT, defaultValue = "{}") Map<String, TextOrSecret> environment,
      @Doc(value = Texts.CHANGE, defaultValue = "5m") Duration timeout) {

    Where where() {
      return new Where(in, directory, config, python, environment);
    }
  }

  public record Output(
      @Doc("The revisions that the database was at.") List<String> before,
      @Doc("Those that it is at now, as its version table says.") List<String> after,
      @Doc(
              "What goes back to before, for `alembic.downgrade`: a revision, or `base`; absent if it was at several.")
          @Nullable String former,
      @Doc("Whether anything had to be done.") boolean changed,
      @Doc("The revisions that were run, in that order.") List<Step> revisions,
      @Doc(
              "A SQLite database as it was before, beside it, where the project lives; absent on others.")
          @Nullable String snapshot,
      @Doc("All that Alembic said, on the worker; absent if nothing had to be done.")
          @Nullable Path log) {
    static Output of(Moved moved) {
      return new Output(
          moved.before(),
          moved.after(),
          moved.former(),
          moved.changed(),
          moved.steps(),
          moved.snapshot(),
          moved.log());
    }
  }

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    return Output.of(move(input, context).go());
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    return move(input, context).preview();
  }

  private static Move move(Input input, ActionContext context) throws ActionException {
    return new Move(
        AlembicProject.at(input.where(), context),
        "upgrade",
        input.to(),
        false,
        input.timeout(),
        context);
  }
}
