package dev.backout.action.prisma;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import dev.backout.action.prisma.PrismaProject.Where;
import dev.backout.action.program.In;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says how the migrations of a database are. */
@ActionInfo(
    name = "prisma.status",
    summary = "Say which Prisma migrations a database lacks, and which failed",
    description =
        """
        What Prisma's engine finds when it holds the database's table of migrations against the project's files: more than
        `prisma migrate status` prints, which mentions no file that was changed after it was run, and no failed migration
        while another is pending. Nothing that is found fails the step: say with `expect` what has to hold. It is the `probe` of
        `prisma.deploy` and `prisma.resolve`:

        ```yaml
        probe:
          uses: prisma.status
          with: { in: { compose: { project: /srv/shop, service: migrate } } }
          expect: outputs.pending.size() == 0 && outputs.failed.size() == 0
        ```

        The SQL of what is pending is read for statements that throw something away or that the release before may not go
        with: drops, renames, changed types, `NOT NULL`, `TRUNCATE`, `DELETE`. What a function does is not seen.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks.")
public final class ShowStatus implements Action<ShowStatus.Input, ShowStatus.Output> {

  public record Input(
      @Doc(Texts.IN) @Nullable In in,
      @Doc(Texts.DIRECTORY) @Nullable Path directory,
      @Doc(value = Texts.PRISMA, defaultValue = "node_modules/.bin/prisma") String prisma,
      @Doc(Texts.SCHEMA) @Nullable Path schema,
      @Doc(Texts.CONFIG) @Nullable Path config,
      @Doc(value = Texts.MIGRATIONS, defaultValue = "prisma/migrations") Path migrations,
      @Doc(value = Texts.ENVIRONMENT, defaultValue = "{}") Map<String, TextOrSecret> environment,
      @Doc(value = Texts.QUESTION, defaultValue = "1m") Duration timeout) {

    Where where() {
      return new Where(in, directory, prisma, schema, config, migrations, environment);
    }
  }

  public record Output(
      @Doc(
              "Whether the database has all of the project's migrations, and no others, as the files say.")
          boolean upToDate,
      @Doc("Whether Prisma manages the database: it has the table of migrations.") boolean managed,
      @Doc("The migrations that it lacks, in the order in which they would be run.")
          List<String> pending,
      @Doc(
              "Those that were begun and failed. Prisma runs no other until it is decided what of them is done.")
          List<String> failed,
      @Doc("Those whose file was changed after they were run.") List<String> edited,
      @Doc("Those that were run and have no file.") List<String> missing,
      @Doc(
              "What the pending ones throw away or make unfit for the release before: `NAME: STATEMENT`.")
          List<String> breaking) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    PrismaProject project = PrismaProject.at(input.where(), context);
    State state = project.state(input.timeout());
    return new Output(
        state.isUpToDate(),
        state.managed(),
        state.pending(),
        state.failed(),
        state.edited(),
        state.missing(),
        Pending.breaking(project.sql(state.pending(), input.timeout())));
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Output output = run(input, context);
    State state =
        new State(
            output.managed(), output.pending(), output.failed(), output.edited(), output.missing());
    List<Detail> details = new ArrayList<>();
    if (!output.breaking().isEmpty()) {
      details.add(Pending.breaking(output.breaking()));
    }
    return new Preview("The database " + state.text(), false, details, output);
  }
}
