package dev.backout.action.alembic;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import dev.backout.action.alembic.AlembicProject.Where;
import dev.backout.action.program.In;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says which revision a database is at. */
@ActionInfo(
    name = "alembic.current",
    summary = "Say which Alembic revision a database is at",
    description =
        """
        Read from the version table itself, through the project's env.py. Nothing that is found fails the step: say with
        `expect` what has to hold. It is the `probe` of `alembic.downgrade`, `alembic.upgrade` and `alembic.stamp`:

        ```yaml
        probe:
          uses: alembic.current
          with: { in: { compose: { project: /srv/reports, service: api } } }
          expect: outputs.revision == '0009' && !has(outputs.interrupted)
        ```
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks.")
public final class ShowCurrent implements Action<ShowCurrent.Input, ShowCurrent.Output> {

  public record Input(
      @Doc(Texts.IN) @Nullable In in,
      @Doc(Texts.DIRECTORY) @Nullable Path directory,
      @Doc(value = Texts.CONFIG, defaultValue = "alembic.ini") Path config,
      @Doc(value = Texts.PYTHON, defaultValue = "python3") String python,
      @Doc(value = Texts.ENVIRONMENT, defaultValue = "{}") Map<String, TextOrSecret> environment,
      @Doc(value = Texts.QUESTION, defaultValue = "1m") Duration timeout) {

    Where where() {
      return new Where(in, directory, config, python, environment);
    }
  }

  public record Output(
      @Doc("The revision; absent if there is none, or several.") @Nullable String revision,
      @Doc("All that the version table names.") List<String> revisions,
      @Doc("The newest ones among the project's files.") List<String> heads,
      @Doc("Whether the database is at these.") boolean atHead,
      @Doc("Those of `revisions` that the project has no file for.") List<String> unknown,
      @Doc("The database, without its login.") String database,
      @Doc(
              "Where a SQLite database is kept as it was before a change that was broken off; absent if none was.")
          @Nullable String interrupted) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    State state = AlembicProject.at(input.where(), context).state(input.timeout());
    return new Output(
        state.revisions().size() == 1 ? state.revisions().get(0) : null,
        state.revisions(),
        state.heads(),
        state.revisions().equals(state.heads()),
        state.unknown(),
        state.where(),
        state.interrupted());
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Output output = run(input, context);
    List<String> lines = new ArrayList<>();
    lines.add("the files end at " + State.print(output.heads()));
    output.unknown().forEach(each -> lines.add("there is no file for " + each));
    if (output.interrupted() != null) {
      lines.add("a change was broken off; the database as it was before: " + output.interrupted());
    }
    return new Preview(
        output.database() + " is at " + State.print(output.revisions()),
        false,
        List.of(new Detail(Preview.Kind.NOTE, "Alembic", lines)),
        output);
  }
}
