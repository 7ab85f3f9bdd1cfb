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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the migrations that a database lacks. */
@ActionInfo(
    name = "prisma.deploy",
    summary = "Run the Prisma migrations that a database lacks",
    description =
        """
        As `prisma migrate deploy`, before anything of the new release starts. A database in which a migration has failed is left
        alone, which Prisma would refuse too. Afterwards the database's own table is asked, and must lack nothing.

        Prisma knows no way back: there is no undo. What a migration did that was well is changed by one that goes forward, so have
        one ready before you run one that throws something away. If one fails on the way, those before it stay, and it is marked as
        failed. PostgreSQL takes back what it had done unless its SQL ends transactions itself; look, and see `prisma.resolve`.

        ```yaml
        uses: prisma.deploy
        with: { in: { compose: { project: /srv/shop, service: migrate } } }
        probe:
          uses: prisma.status
          with: { in: { compose: { project: /srv/shop, service: migrate } } }
          expect: outputs.pending.size() == 0 && outputs.failed.size() == 0
        ```
        """,
    repeatable = Repeatable.NEVER,
    because = "A migration that was broken off has to be looked at.")
public final class Deploy implements Action<Deploy.Input, Deploy.Output> {

  public record Input(
      @Doc(Texts.IN) @Nullable In in,
      @Doc(Texts.DIRECTORY) @Nullable Path directory,
      @Doc(value = Texts.PRISMA, defaultValue = "node_modules/.bin/prisma") String prisma,
      @Doc(Texts.SCHEMA) @Nullable Path schema,
      @Doc(Texts.CONFIG) @Nullable Path config,
      @Doc(value = Texts.MIGRATIONS, defaultValue = "prisma/migrations") Path migrations,
      @Doc(value = Texts.ENVIRONMENT, defaultValue = "{}") Map<String, TextOrSecret> environment,
      @Doc(
              value =
                  "After this it is broken off, and how far it came is to be seen in the database.",
              defaultValue = "10m")
          Duration timeout) {

    Where where() {
      return new Where(in, directory, prisma, schema, config, migrations, environment);
    }
  }

  public record Output(
      @Doc("The migrations that were run, in that order.") List<String> applied,
      @Doc("Whether there were any.") boolean changed,
      @Doc("All that Prisma said, on the worker; absent if nothing had to be done.")
          @Nullable Path log) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    return new Deployment(PrismaProject.at(input.where(), context), input.timeout()).go();
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    PrismaProject project = PrismaProject.at(input.where(), context);
    Map<String, String> sql;
    try {
      State state = new Deployment(project, input.timeout()).before();
      if (state.pending().isEmpty()) {
        return new Preview("The database lacks no migration", false, List.of(), null);
      }
      sql = project.sql(state.pending(), Deployment.QUESTION);
    } catch (ActionException e) {
      return new Preview(
          "Would run the migrations that the database lacks " + project.describe(),
          true,
          List.of(new Detail(Preview.Kind.PROBLEM, "As things are now", List.of(e.getMessage()))),
          null);
    }
    return new Preview(
        "Would run "
            + (sql.size() == 1 ? "1 migration " : sql.size() + " migrations ")
            + project.describe()
            + ": "
            + String.join(", ", sql.keySet()),
        true,
        Pending.details(sql),
        null);
  }
}
