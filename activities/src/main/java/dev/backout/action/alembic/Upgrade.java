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
public final class Upgrade implements Action<Upgrade.Input, Moved> {

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

  @Override
  public Moved run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    return move(input, context).go();
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
