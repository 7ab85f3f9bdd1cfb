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

/** Says what a downgrade would undo, and whether it has to be undone at all. */
@ActionInfo(
    name = "alembic.inspect",
    summary = "Say what a downgrade would undo, whether it could, and whether it has to be at all",
    description =
        """
        Reads the source of each revision between where the database is and `to`, and runs none of it. A revision is additive
        if it only creates tables, plain indexes, and columns that an older release may leave out: then the older release
        goes with the newer schema, and nothing has to be undone. It is breaking if it drops, renames or alters something, or
        adds a constraint or a column that must be given. What it does by `op.execute` or in Python of its own can't be read off
        it and counts as not additive, with the line named.

        A `downgrade()` is told to be missing, empty, only raising, or real. What a function does that it calls in turn is not seen.

        ```yaml
        uses: alembic.inspect
        with: { to: "0009", in: { compose: { project: /srv/reports, service: api } } }
        expect: outputs.additive || outputs.downgradable
        ```
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only reads.")
public final class InspectRevisions
    implements Action<InspectRevisions.Input, InspectRevisions.Output> {

  public record Input(
      @Doc(value = Texts.TO, defaultValue = "'-1'") String to,
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
      @Doc("The revisions that would be undone, in that order.") List<Step> revisions,
      @Doc("Whether all of them only add things, so that nothing has to be undone.")
          boolean additive,
      @Doc("Whether each of them has a `downgrade()` that does something.") boolean downgradable,
      @Doc("What undoing them would throw away.") List<String> losses,
      @Doc("The revisions that the database is at.") List<String> before,
      @Doc("Those that it would be at.") List<String> after) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Course course =
        AlembicProject.at(input.where(), context)
            .course("downgrade", input.to(), null, input.timeout());
    return output(course);
  }

  private static Output output(Course course) {
    return new Output(
        course.steps(),
        course.steps().stream().allMatch(step -> step.change().equals("additive")),
        course.obstacles().isEmpty(),
        course.losses(),
        course.state().revisions(),
        course.after());
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Output output = run(input, context);
    List<Detail> details = new ArrayList<>();
    if (!output.revisions().isEmpty()) {
      details.add(CourseView.table("Revisions since " + input.to(), output.revisions()));
      details.addAll(CourseView.reasons(output.revisions()));
    }
    return new Preview(
        output.revisions().isEmpty()
            ? "The database is at " + State.print(output.before()) + ": there is nothing to undo"
            : (output.revisions().size() == 1
                    ? "1 revision"
                    : output.revisions().size() + " revisions")
                + " since "
                + input.to()
                + (output.additive() ? ", additive" : ", not additive"),
        false,
        details,
        output);
  }
}
