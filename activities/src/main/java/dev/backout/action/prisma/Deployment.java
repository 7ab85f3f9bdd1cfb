package dev.backout.action.prisma;

import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.program.Ended;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Running the migrations that a database lacks: looked at before, done, and seen in it afterwards.
 */
record Deployment(PrismaProject project, Duration timeout) {
  static final Duration QUESTION = Duration.ofMinutes(1);

  /**
   * @throws ActionException if Prisma would refuse
   */
  State before() throws ActionException, IOException, InterruptedException {
    State state = project.state(QUESTION);
    if (!state.failed().isEmpty()) {
      throw new ActionException(
          Kind.PERMANENT,
          "In the database the migration "
              + String.join(", ", state.failed())
              + " has failed, and Prisma runs no other until it is decided what of it is done. Nothing was run. "
              + toDo());
    }
    return state;
  }

  Deploy.Output go() throws ActionException, IOException, InterruptedException {
    State before = before();
    if (before.pending().isEmpty()) {
      return new Deploy.Output(List.of(), false, null);
    }
    Ended ended;
    try {
      ended = project.act(List.of("deploy"), "prisma-deploy.txt", timeout);
    } catch (ActionException e) {
      throw e.kind() == Kind.UNKNOWN_OUTCOME ? withState(e) : e;
    }
    State after = after(ended);
    if (ended.exitCode() != 0 || !after.failed().isEmpty() || !after.pending().isEmpty()) {
      throw failed(ended, before, after);
    }
    return new Deploy.Output(before.pending(), true, ended.log());
  }

  private State after(Ended ended) throws IOException, InterruptedException, ActionException {
    try {
      return project.state(QUESTION);
    } catch (ActionException e) {
      throw new ActionException(
          Kind.UNKNOWN_OUTCOME,
          "Prisma "
              + (ended.exitCode() == 0
                  ? "said that it has run the migrations"
                  : "failed: " + Problems.said(ended))
              + "\nHow they are now can't be seen: "
              + e.getMessage()
              + "\nLook, then decide. All that it said: "
              + ended.log(),
          e);
    }
  }

  private static ActionException failed(Ended ended, State before, State after) {
    List<String> done = new ArrayList<>(before.pending());
    done.removeAll(after.pending());
    done.removeAll(after.failed());
    String ran = done.isEmpty() ? "None was run" : String.join(", ", done) + " was run and stays";
    String log = "\nAll that it said: " + ended.log();
    if (!after.failed().isEmpty()) {
      return new ActionException(
          Kind.PERMANENT,
          "The migration "
              + String.join(", ", after.failed())
              + " failed: "
              + Problems.said(ended)
              + "\n"
              + ran
              + ". "
              + toDo()
              + log);
    }
    return new ActionException(
        Problems.isPassing(ended) ? Kind.TRANSIENT : Kind.PERMANENT,
        "Prisma "
            + (ended.exitCode() == 0
                ? "said that it has run the migrations"
                : "has not run the migrations: " + Problems.said(ended))
            + "\n"
            + ran
            + "; the database "
            + after.text()
            + ". Mend that, then retry."
            + log);
  }

  private static String toDo() {
    return "Look in the database what of it is there: PostgreSQL has taken it back, unless its SQL ends transactions itself."
        + " `prisma.resolve` marks it: `as: rolledBack` where nothing of it is left, so that it is run again, mended;"
        + " `as: applied` where all of it was done by hand. Then retry.";
  }

  /** What is known of a deployment that nobody has seen the end of. */
  private ActionException withState(ActionException e) throws IOException, InterruptedException {
    String found;
    try {
      found = "Now the database " + project.state(QUESTION).text() + ".";
    } catch (ActionException | CancelledException other) {
      found = "How the migrations are can't be seen now: " + other.getMessage();
    }
    return new ActionException(e.kind(), e.getMessage() + "\n" + found, e);
  }
}
