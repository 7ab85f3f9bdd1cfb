package dev.backout.action.prisma;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import dev.backout.action.prisma.PrismaProject.Where;
import dev.backout.action.program.Ended;
import dev.backout.action.program.In;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says of a migration whether it counts as done. */
@ActionInfo(
    name = "prisma.resolve",
    summary =
        "Mark a failed Prisma migration as rolled back or as applied, and change nothing else",
    description =
        """
        A person has looked what a failed migration has left, and has put it right by hand: either nothing of it is there any
        more, or all of it is. This writes that down in the database's table of migrations, so that `prisma.deploy` goes on. Whether
        it is true is not checked: have it approved.

        `as: applied` also takes a migration that is pending, such as the first of a database that was there before Prisma.
        One that was run well can't be marked as rolled back.
        """,
    repeatable = Repeatable.SAFE,
    because = "A migration that is marked so already is left as it is.")
public final class Resolve implements Action<Resolve.Input, Resolve.Output> {

  /** What a migration counts as. */
  public enum As {
    ROLLED_BACK,
    APPLIED
  }

  public record Input(
      @Doc(
              "`rolledBack`: nothing of it is left in the schema, and it is run again; `applied`: all of it is there, and it is not run.")
          As as,
      @Doc("The migration, by its directory's name. The one that has failed if absent.")
          @Nullable String migration,
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

    private String word() {
      return as == As.APPLIED ? "applied" : "rolled back";
    }
  }

  public record Output(
      @Doc("The migration.") String migration,
      @Doc("Whether it had to be marked.") boolean changed,
      @Doc("What the database lacks now.") List<String> pending,
      @Doc("What else has failed in it.") List<String> failed) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    PrismaProject project = PrismaProject.at(input.where(), context);
    State before = project.state(input.timeout());
    String migration = migration(input, before, project);
    if (isSo(input.as(), migration, before)) {
      return new Output(migration, false, before.pending(), before.failed());
    }
    String flag = input.as() == As.APPLIED ? "--applied" : "--rolled-back";
    Ended ended =
        project.act(List.of("resolve", flag, migration), "prisma-resolve.txt", input.timeout());
    State after = project.state(input.timeout());
    if (ended.exitCode() != 0 || !isSo(input.as(), migration, after)) {
      throw new ActionException(
          Kind.PERMANENT,
          "Prisma has not marked "
              + migration
              + " as "
              + input.word()
              + ": "
              + Problems.said(ended)
              + "\nThe database "
              + after.text()
              + ". All that it said: "
              + ended.log());
    }
    return new Output(migration, true, after.pending(), after.failed());
  }

  private static boolean isSo(As as, String migration, State state) {
    boolean failed = state.failed().contains(migration);
    return as == As.APPLIED ? !failed && !state.pending().contains(migration) : !failed;
  }

  private static String migration(Input input, State state, PrismaProject project)
      throws ActionException, IOException, InterruptedException {
    String named = input.migration();
    if (named == null && state.failed().size() != 1) {
      throw new ActionException(
          Kind.PERMANENT,
          "Which migration is to be marked as "
              + input.word()
              + "? "
              + (state.failed().isEmpty()
                  ? "None has failed"
                  : "These have failed: " + String.join(", ", state.failed()))
              + ". Nothing was changed; name it by `migration`.");
    }
    String migration = named == null ? state.failed().get(0) : named;
    boolean open = state.failed().contains(migration) || state.pending().contains(migration);
    if (!open && input.as() == As.ROLLED_BACK) {
      throw new ActionException(
          Kind.PERMANENT,
          migration
              + " has not failed in the database, which "
              + state.text()
              + ": it can't be marked as rolled back. Nothing was changed; what it did is changed by a migration that goes forward.");
    }
    if (!open) {
      // It is done, unless there is none of that name.
      var unused = project.sql(List.of(migration), input.timeout());
    }
    return migration;
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    PrismaProject project = PrismaProject.at(input.where(), context);
    State state;
    String migration;
    try {
      state = project.state(input.timeout());
      migration = migration(input, state, project);
    } catch (ActionException e) {
      return new Preview(
          "Would mark a migration as " + input.word(),
          true,
          List.of(new Detail(Preview.Kind.PROBLEM, "As things are now", List.of(e.getMessage()))),
          null);
    }
    return isSo(input.as(), migration, state)
        ? new Preview(migration + " is so already", false, List.of(), null)
        : new Preview(
            "Would mark " + migration + " as " + input.word() + " " + project.describe(),
            true,
            List.of(),
            null);
  }
}
