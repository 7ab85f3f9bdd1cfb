package dev.backout.action.alembic;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
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

/** Sets the version that a database says it is at. */
@ActionInfo(
    name = "alembic.stamp",
    summary = "Set the revision that a database says it is at, and change nothing else",
    description =
        """
        For a schema that was put right by hand. What the version table says afterwards is checked; whether it is true is not, so that people are to say
        so: a run that nobody has approved by then is refused, unless `withoutApproval` says otherwise.
        """,
    repeatable = Repeatable.NEVER,
    because = "By a number of steps it would mean another revision the second time.")
public final class Stamp implements Action<Stamp.Input, Moved> {

  public record Input(
      @Doc("The revision that the schema really is at: an id, the beginning of one, or `base`.")
          String to,
      @Doc(
              value =
                  "Whether what the version table says is thrown away first: for one that names a revision without a file.",
              defaultValue = "false")
          boolean purge,
      @Doc(
              value = "Whether it may be done in a run whose checkpoints nobody has opened.",
              defaultValue = "false")
          boolean withoutApproval,
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
    requireApproval(input, context);
    return move(input, context).go();
  }

  private static void requireApproval(Input input, ActionContext context) throws ActionException {
    if (context.call().approvals().isEmpty() && !input.withoutApproval()) {
      throw new ActionException(
          Kind.NOT_ALLOWED,
          "What a database says of its schema is only set to "
              + input.to()
              + " when people have agreed, and nobody has approved anything in this run. Put a checkpoint before the step, or say `withoutApproval: true`. Nothing was changed.");
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    return move(input, context).preview();
  }

  private static Move move(Input input, ActionContext context) throws ActionException {
    return new Move(
        AlembicProject.at(input.where(), context),
        "stamp",
        input.to(),
        input.purge(),
        input.timeout(),
        context);
  }
}
