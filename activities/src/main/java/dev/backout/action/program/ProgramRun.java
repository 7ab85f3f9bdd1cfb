package dev.backout.action.program;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Durations;
import dev.backout.action.ProcessTree;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs one program to its end, and knows what became of it. It has no standard input; its output
 * goes to an evidence file as it comes, masked.
 */
public final class ProgramRun {
  private static final long POLL_MILLIS = 50;
  private static final int TURNS_BETWEEN_LOOKS = 20;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final Command command;
  private final Place place;
  private final ActionContext context;
  private final Consumer<String> lines;
  private final String mark = UUID.randomUUID().toString();

  private ProgramRun(Command command, Place place, Consumer<String> lines, ActionContext context) {
    this.command = command;
    this.place = place;
    this.lines = lines;
    this.context = context;
  }

  /**
   * Runs it. Whoever asked for it must have asked {@link ActionContext#allowProgram} before.
   *
   * @param exitCodes that are a success
   * @param evidence the name of the file for what it writes
   * @throws ActionException PERMANENT if the program isn't there, can't be run, or failed, with its
   *     last words; TRANSIENT if the place could not be reached, and nothing was run;
   *     UNKNOWN_OUTCOME if it was ended for its time was up, or if nobody knows whether it ran
   * @throws CancelledException if the step was cancelled; it was ended
   */
  public static Ended succeed(
      Command command, Place place, List<Integer> exitCodes, String evidence, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    return succeed(command, place, exitCodes, evidence, line -> {}, context);
  }

  /**
   * The same.
   *
   * @param lines hears each line that it writes, masked, also those that are too many to be kept
   */
  public static Ended succeed(
      Command command,
      Place place,
      List<Integer> exitCodes,
      String evidence,
      Consumer<String> lines,
      ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Ended ended = new ProgramRun(command, place, lines, context).toEnd(evidence);
    if (exitCodes.contains(ended.exitCode())) {
      return ended;
    }
    Optional<ActionException> other = place.failure(command, ended, context);
    if (other.isPresent()) {
      throw other.get();
    }
    throw new ActionException(
        Kind.PERMANENT,
        command.program()
            + " failed: exit code "
            + ended.exitCode()
            + ", expected "
            + exitCodes
            + ". Its last words:\n"
            + ended.tail()
            + "\nAll of them: "
            + ended.log());
  }

  private Ended toEnd(String evidence) throws ActionException, IOException, InterruptedException {
    Path log = context.evidence(evidence);
    place.look(context);
    long began = System.nanoTime();
    Process process = launch();
    ProcessTree tree = new ProcessTree(process, ProcessTree.MARK + "=" + mark);
    CapturedOutput output = capture(process, tree, log);
    boolean ended;
    try {
      ended = awaitEnd(process, tree);
    } catch (CancelledException | InterruptedException e) {
      var unused = end(tree);
      keep(output, "was ended, as the step was cancelled");
      throw e;
    }
    if (!ended) {
      String said = late(end(tree));
      keep(output, said);
      throw new ActionException(
          Kind.UNKNOWN_OUTCOME,
          command.program()
              + said
              + ". How much of its work it did is not known: look, then decide. What it wrote: "
              + output.file());
    }
    keep(output, "ended with exit code " + process.exitValue());
    return new Ended(
        process.exitValue(),
        output.tail(),
        output.file(),
        output.sha256(),
        Duration.ofNanos(System.nanoTime() - began));
  }

  private Process launch() throws ActionException, InterruptedException {
    Place.Local local = place.local(command, mark, context);
    ProcessBuilder builder =
        new ProcessBuilder(local.command().words())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    Path directory = local.command().directory();
    if (directory != null) {
      builder.directory(directory.toFile());
    }
    builder.environment().clear();
    builder.environment().putAll(local.environment());
    builder.environment().put(ProcessTree.MARK, mark);
    try {
      return builder.start();
    } catch (IOException e) {
      throw notStarted(local.command().program(), e);
    }
  }

  static ActionException notStarted(String program, IOException problem) {
    boolean missing = String.valueOf(problem.getMessage()).contains("error=2,");
    return new ActionException(
        Kind.PERMANENT,
        (missing
                ? "There is no program '" + program + "' on this worker that could be run"
                : "'" + program + "' can't be run on this worker: " + problem.getMessage())
            + ". It was not run; install it, or correct the command.",
        problem);
  }

  /** Without a file for its output the program would run unseen. */
  private CapturedOutput capture(Process process, ProcessTree tree, Path log)
      throws ActionException, InterruptedException {
    try {
      return CapturedOutput.of(process.getInputStream(), log, context::mask, lines);
    } catch (IOException e) {
      var unused = end(tree);
      throw new ActionException(
          Kind.UNKNOWN_OUTCOME,
          command.program()
              + " was ended as soon as it had begun, as what it writes can't be kept in "
              + log
              + " ("
              + e.getMessage()
              + "). Make room there; look how far it came, then decide.",
          e);
    }
  }

  /** False when the time is up. */
  private boolean awaitEnd(Process process, ProcessTree tree) throws InterruptedException {
    long deadline = System.nanoTime() + command.timeout().toNanos();
    for (int turn = 0; !process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS); turn++) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      if (turn % TURNS_BETWEEN_LOOKS == 0) {
        tree.look();
        context.heartbeat("running " + command.program());
      }
    }
    return true;
  }

  /**
   * @return what goes on nevertheless, for people; empty if all is gone
   */
  private Optional<String> end(ProcessTree tree) throws InterruptedException {
    List<Long> left = tree.end(GRACE);
    Optional<String> there = place.end(command, mark, context);
    return left.isEmpty()
        ? there
        : Optional.of(
            "what can't be ended, even by KILL, are the processes "
                + left
                + " of it"
                + there.map(more -> "; " + more).orElse(""));
  }

  private String late(Optional<String> left) {
    return " did not end within "
        + Durations.print(command.timeout())
        + " and was ended"
        + left.map(what -> "; " + what)
            .orElse(", with all that it had started and that could be found");
  }

  /** What happened must not be hidden by a full disk. */
  private void keep(CapturedOutput output, String happened)
      throws ActionException, InterruptedException {
    try {
      output.finish();
    } catch (IOException e) {
      throw new ActionException(
          Kind.UNKNOWN_OUTCOME,
          command.program()
              + " "
              + happened.strip()
              + ", and what it wrote can't be kept in "
              + output.file()
              + " ("
              + e.getMessage()
              + "). Make room there; whether it did its work, its last words may say:\n"
              + output.tail(),
          e);
    }
  }
}
