package dev.backout.action.alembic;

import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.util.List;

/** What a change has come to, by what the database says of itself afterwards. */
record Verdict(String verb, Course course, Acted acted) {

  /**
   * The revisions that the database is at.
   *
   * @throws ActionException if these are not those that were wanted, with the state that it is in
   */
  List<String> after() throws ActionException {
    List<String> after = acted.after();
    if (after == null) {
      throw new ActionException(
          Kind.UNKNOWN_OUTCOME,
          "Where "
              + course.state().where()
              + " is after the "
              + verb
              + " can't be seen: "
              + acted.afterProblem()
              + "\n"
              + (acted.failed() == null
                  ? "Alembic said that it succeeded."
                  : "Alembic failed: " + acted.failed())
              + " Look, then decide. All of it: "
              + acted.log());
    }
    if (acted.failed() != null) {
      throw new ActionException(
          Kind.PERMANENT,
          "Alembic's "
              + verb
              + " failed: "
              + acted.failed()
              + "\n"
              + left(after)
              + "\nAll that it said: "
              + acted.log());
    }
    if (!arrived(after)) {
      throw new ActionException(
          Kind.PERMANENT,
          "Alembic said that it succeeded, and the version table says that "
              + course.state().where()
              + " is at "
              + State.print(after)
              + ", and not at "
              + State.print(course.after())
              + ". Find out what env.py does, and whether somebody else changes it. All that it said: "
              + acted.log());
    }
    return after;
  }

  /** A stamp leaves alone what stands on other lines of revisions. */
  private boolean arrived(List<String> after) {
    return verb.equals("stamp")
        ? after.containsAll(course.after()) && (!course.after().isEmpty() || after.isEmpty())
        : after.equals(course.after());
  }

  private String left(List<String> after) {
    String now = course.state().where() + " is at " + State.print(after);
    if (acted.halfDone() != null) {
      return now
          + ", as before: it was put back from the copy that had been taken. As the failure left it, it is in "
          + acted.halfDone()
          + ".";
    }
    if (!course.state().takesBack()) {
      return now
          + " by its version table, and it does not take back changes of the schema: it may be half done. Look, and put it right by hand.";
    }
    return after.equals(course.state().revisions())
        ? now + ", as before: the database has taken all of it back."
        : now + ": what was done until the failure stays.";
  }
}
