package dev.backout.action.command;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Durations;
import dev.backout.action.LoaderVariables;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.ProcessTree;
import dev.backout.action.TextOrSecret;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a program to its end. */
@ActionInfo(
    name = "command.run",
    summary = "Run a program to its end",
    description =
        """
        The command is a list of words; no shell reads them. The worker's operator allows programs by name in `worker.yaml`; without
        that none may run. The program has no standard input. Its output goes to an evidence file, secrets masked, and its end
        into the result. After `timeout` it is ended with all the processes that it has started, those too that have detached
        themselves. When it ends by itself, what it has left running goes on.

        Variables by which an allowed program would load or start something else, such as `PATH`, `LD_PRELOAD`,
        `JAVA_TOOL_OPTIONS` or `PYTHONPATH`, are refused in `environment`: they would go round the operator's list.
        """,
    repeatable = Repeatable.NEVER,
    because = "What the program does is not known, so a second run might do it twice.")
public final class RunCommand implements Action<RunCommand.Input, RunCommand.Output> {
  private static final long POLL_MILLIS = 50;
  private static final int TURNS_BETWEEN_LOOKS = 20;
  private static final Duration GRACE = Duration.ofSeconds(5);

  public record Input(
      @Doc("The program and its arguments, word by word.") List<String> command,
      @Doc("The directory to run it in. The worker's own if absent.")
          @Nullable Path workingDirectory,
      @Doc(value = "Variables for its environment, on top of the worker's.", defaultValue = "{}")
          Map<String, TextOrSecret> environment,
      @Doc(
              value = "After this it is ended, and whether it did what it should is not known.",
              defaultValue = "5m")
          Duration timeout,
      @Doc(value = "Exit codes that are a success.", defaultValue = "[0]")
          List<Integer> exitCodes) {}

  public record Output(
      @Doc("Its exit code.") int exitCode,
      @Doc("The end of what it wrote to its output and its errors, at most 4,000 characters.")
          String tail,
      @Doc("The whole of it, at most 16 MiB, on the worker.") Path log,
      @Doc("SHA-256 of that file; hexadecimal.") String sha256,
      @Doc("How long it ran.") Duration took) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    requireAllowed(input, context);
    long began = System.nanoTime();
    String mark = UUID.randomUUID().toString();
    Path log = context.evidence("output.txt");
    Process process = launch(input, mark, context);
    ProcessTree tree = new ProcessTree(process, ProcessTree.MARK + "=" + mark);
    CapturedOutput output = CapturedOutput.of(process.getInputStream(), log, context::mask);
    boolean ended;
    try {
      ended = awaitEnd(process, tree, input, context);
    } catch (CancelledException | InterruptedException e) {
      var unused = tree.end(GRACE);
      keep(output, input, "was ended, as the step was cancelled");
      throw e;
    }
    if (!ended) {
      String said = late(input, tree.end(GRACE));
      keep(output, input, said);
      throw new ActionException(
          Kind.UNKNOWN_OUTCOME,
          input.command().get(0)
              + said
              + ". How much of its work it did is not known: look, then decide. What it wrote: "
              + output.file());
    }
    keep(output, input, "ended with exit code " + process.exitValue());
    int exitCode = process.exitValue();
    if (!input.exitCodes().contains(exitCode)) {
      throw new ActionException(
          Kind.PERMANENT,
          input.command().get(0)
              + " failed: exit code "
              + exitCode
              + ", expected "
              + input.exitCodes()
              + ". Its last words:\n"
              + output.tail()
              + "\nAll of them: "
              + output.file());
    }
    return new Output(
        exitCode,
        output.tail(),
        output.file(),
        output.sha256(),
        Duration.ofNanos(System.nanoTime() - began));
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    requireAllowed(input, context);
    return new Preview(
        "Would run " + input.command().get(0),
        true,
        List.of(
            new Detail(
                Preview.Kind.NOTE,
                "Command",
                List.of(
                    String.join(" ", input.command()),
                    "in "
                        + (input.workingDirectory() == null
                            ? "the worker's directory"
                            : input.workingDirectory()),
                    "for at most " + Durations.print(input.timeout())))),
        null);
  }

  private static void requireAllowed(Input input, ActionContext context) throws ActionException {
    if (input.command().isEmpty()) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "command.run needs a command: the program and its arguments as a list.");
    }
    context.allowProgram(input.command().get(0));
    LoaderVariables.refuse(input.environment().keySet(), input.command().get(0));
  }

  private static Process launch(Input input, String mark, ActionContext context)
      throws ActionException {
    ProcessBuilder builder =
        new ProcessBuilder(input.command())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    if (input.workingDirectory() != null) {
      Path directory = context.allowed(input.workingDirectory());
      if (!Files.isDirectory(directory)) {
        throw new ActionException(
            Kind.PERMANENT,
            "There is no directory "
                + directory
                + " to run "
                + input.command().get(0)
                + " in. It was not run.");
      }
      builder.directory(directory.toFile());
    }
    for (Map.Entry<String, TextOrSecret> variable : input.environment().entrySet()) {
      builder.environment().put(variable.getKey(), context.reveal(variable.getValue().text()));
    }
    builder.environment().put(ProcessTree.MARK, mark);
    try {
      return builder.start();
    } catch (IOException e) {
      boolean missing = String.valueOf(e.getMessage()).contains("error=2,");
      throw new ActionException(
          Kind.PERMANENT,
          (missing
                  ? "There is no program '"
                      + input.command().get(0)
                      + "' on this worker that could be run"
                  : "'"
                      + input.command().get(0)
                      + "' can't be run on this worker: "
                      + e.getMessage())
              + ". It was not run; install it, or correct the command.",
          e);
    }
  }

  /** False when the time is up. */
  private static boolean awaitEnd(
      Process process, ProcessTree tree, Input input, ActionContext context)
      throws InterruptedException {
    long deadline = System.nanoTime() + input.timeout().toNanos();
    for (int turn = 0; !process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS); turn++) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      if (turn % TURNS_BETWEEN_LOOKS == 0) {
        tree.look();
        context.heartbeat("running " + input.command().get(0));
      }
    }
    return true;
  }

  private static String late(Input input, List<Long> left) {
    return " did not end within "
        + Durations.print(input.timeout())
        + " and was ended"
        + (left.isEmpty()
            ? ", with all that it had started and that could be found"
            : "; what can't be ended, even by KILL, are the processes " + left + " of it");
  }

  /** What happened must not be hidden by a full disk. */
  private static void keep(CapturedOutput output, Input input, String happened)
      throws ActionException, InterruptedException {
    try {
      output.finish();
    } catch (IOException e) {
      throw new ActionException(
          Kind.UNKNOWN_OUTCOME,
          input.command().get(0)
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
