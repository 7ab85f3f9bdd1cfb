package dev.backout.action.alembic;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A change of the version that a database is at: looked at before, done, and checked in the
 * database afterwards.
 *
 * @param verb Alembic's
 * @param purge of a stamp: whether what is there is thrown away first
 */
record Move(
    AlembicProject project,
    String verb,
    String to,
    boolean purge,
    Duration timeout,
    ActionContext context) {
  private static final Duration QUESTION = Duration.ofMinutes(1);

  private boolean isDowngrade() {
    return verb.equals("downgrade");
  }

  private boolean isStamp() {
    return verb.equals("stamp");
  }

  Moved go() throws ActionException, IOException, InterruptedException {
    String label = context.call().label();
    Course course = project.course(verb, to, label, QUESTION);
    requireUninterrupted(course);
    if (course.isThere()) {
      return Moved.notAtAll(course.state().revisions(), course.after());
    }
    requirePossible(course);
    Acted acted;
    try {
      String destination = course.destination(to);
      acted = project.act(verb, destination, course.state().revisions(), purge, label, timeout);
    } catch (ActionException e) {
      throw e.kind() == Kind.UNKNOWN_OUTCOME ? withState(e) : e;
    }
    return Moved.by(
        acted,
        course.state().revisions(),
        new Verdict(verb, course, acted).after(),
        course.steps());
  }

  private void requireUninterrupted(Course course) throws ActionException {
    if (course.state().interrupted() != null && !isStamp()) {
      throw new ActionException(
          Kind.PERMANENT,
          "A former change of "
              + course.state().where()
              + " was broken off in the middle. As it was before, it is in "
              + course.state().interrupted()
              + ". Nothing was changed; put that back, or remove it if the database is well, then retry.");
    }
  }

  private void requirePossible(Course course) throws ActionException {
    if (isDowngrade() && !course.obstacles().isEmpty()) {
      throw new ActionException(
          Kind.PERMANENT,
          String.join(".\n", course.obstacles())
              + ".\nNothing was run: "
              + course.state().at()
              + ". Write a migration that goes forward, or mend the downgrade() in the release's image; if the schema was"
              + " put right by hand, `alembic.stamp` sets the version.");
    }
  }

  /** What is known of a change that nobody has seen the end of. */
  private ActionException withState(ActionException e) throws IOException, InterruptedException {
    String found;
    try {
      State state = project.state(QUESTION);
      found =
          "The version table says: "
              + state.at()
              + (state.interrupted() == null
                  ? "."
                  : ". The database as it was before is in "
                      + state.interrupted()
                      + "; the next attempt of this step puts it back.");
    } catch (ActionException | CancelledException other) {
      found = "Where the database is can't be seen now: " + other.getMessage();
    }
    return new ActionException(e.kind(), e.getMessage() + "\n" + found, e);
  }

  Preview preview() throws IOException, InterruptedException {
    Course course;
    try {
      course = project.course(verb, to, null, QUESTION);
      requireUninterrupted(course);
    } catch (ActionException e) {
      return new Preview(
          "Would " + verb + " to " + to + " " + project.describe(),
          true,
          List.of(new Detail(Preview.Kind.PROBLEM, "As things are now", List.of(e.getMessage()))),
          null);
    }
    return course.isThere()
        ? new Preview(course.state().at() + " already", false, List.of(), null)
        : new Preview(
            "Would "
                + verb
                + " "
                + course.state().where()
                + " from "
                + State.print(course.state().revisions())
                + " to "
                + State.print(course.after())
                + " "
                + project.describe(),
            true,
            CourseView.of(course, isDowngrade()),
            null);
  }
}
