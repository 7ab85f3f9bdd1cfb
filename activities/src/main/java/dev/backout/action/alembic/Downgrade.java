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

/** Takes a database back to an earlier revision. */
@ActionInfo(
    name = "alembic.downgrade",
    summary = "Take a database back to an earlier Alembic revision",
    description =
        """
        Run it from the release that brought the revisions: an older image doesn't have their files. Stop what writes to the
        database first.

        Before anything is run, each revision's source is read: one whose `downgrade()` is missing, empty or only raises fails the
        step, since Alembic itself would move the version and leave the schema as it is. Then the database must still be where it
        was. Afterwards its version table is read again, and must say what was wanted.

        If it fails on the way, PostgreSQL takes all of it back by itself. SQLite doesn't, so a copy is taken before and put back;
        the database as the failure left it is kept beside it, as `….half-done-RUN-STEP`. What was before stays as `….before-RUN-STEP`
        until somebody removes it. An attempt that was killed in the middle is put back by the next one.

        ```yaml
        uses: alembic.downgrade
        with: { to: "0009", in: { compose: { project: /srv/reports, service: api } } }
        probe:
          uses: alembic.current
          with: { in: { compose: { project: /srv/reports, service: api } } }
          expect: outputs.revision == '0009' && !has(outputs.interrupted)
        undo:
          uses: alembic.upgrade
          with: { to: "${{ outputs.former }}", in: { compose: { project: /srv/reports, service: api } } }
        ```

        An undo like this brings the schema back, and not what stood in columns and tables that were dropped: the preview names them.
        """,
    repeatable = Repeatable.NEVER,
    because =
        "A second time, a number of steps would mean other revisions, and one that was broken off has to be looked at.")
public final class Downgrade implements Action<Downgrade.Input, Moved> {

  public record Input(
      @Doc(Texts.TO) String to,
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
        "downgrade",
        input.to(),
        false,
        input.timeout(),
        context);
  }
}
