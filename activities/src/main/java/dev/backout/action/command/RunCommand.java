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
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
        into the result. After `timeout` it is ended with all the processes that it has started.
        """,
    repeatable = Repeatable.NEVER,
    because = "What the program does is not known, so a second run might do it twice.")
public final class RunCommand implements Action<RunCommand.Input, RunCommand.Output> {
  private static final long POLL_MILLIS = 50;
  private static final long GRACE_SECONDS = 5;

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
    Process process = launch(input, context);
    CapturedOutput output =
        CapturedOutput.of(process.getInputStream(), context.evidence("output.txt"), context::mask);
    try {
      awaitEnd(process, input, context);
    } catch (CancelledException | ActionException | InterruptedException e) {
      endTree(process);
      output.finish();
      throw e;
    }
    output.finish();
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
  }

  private static Process launch(Input input, ActionContext context) throws ActionException {
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
    try {
      return builder.start();
    } catch (IOException e) {
      throw new ActionException(
          Kind.PERMANENT,
          "There is no program '"
              + input.command().get(0)
              + "' on this worker that could be run. It was not run; install it, or correct the command.",
          e);
    }
  }

  private static void awaitEnd(Process process, Input input, ActionContext context)
      throws ActionException, InterruptedException {
    long deadline = System.nanoTime() + input.timeout().toNanos();
    for (int turn = 0; !process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS); turn++) {
      if (System.nanoTime() > deadline) {
        throw new ActionException(
            Kind.UNKNOWN_OUTCOME,
            input.command().get(0)
                + " did not end within "
                + Durations.print(input.timeout())
                + " and was ended. How much of its work it did is not known: look, then decide.");
      }
      if (turn % 20 == 0) {
        context.heartbeat("running " + input.command().get(0));
      }
    }
  }

  /**
   * Its children first to be asked, all of them killed in the end: a child that is left would go on
   * with the work.
   */
  private static void endTree(Process process) throws InterruptedException {
    List<ProcessHandle> tree = new ArrayList<>(process.descendants().toList());
    tree.add(process.toHandle());
    tree.forEach(ProcessHandle::destroy);
    process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
    process.descendants().forEach(tree::add);
    tree.forEach(ProcessHandle::destroyForcibly);
    process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
  }
}
