package dev.backout.action.command;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Durations;
import dev.backout.action.LoaderVariables;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import dev.backout.action.program.Command;
import dev.backout.action.program.Ended;
import dev.backout.action.program.In;
import dev.backout.action.program.Place;
import dev.backout.action.program.ProgramRun;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

        With `in`, the program is run where the application lives, and ended there too:

        ```yaml
        uses: command.run
        with:
          command: [alembic, current]
          in: { compose: { project: /srv/reports, service: api } }
        ```

        Variables that docker or the Compose file reads itself, such as `DOCKER_HOST` or the image's tag, are refused there too.

        It is told apart whether the program is not there, the service could not be reached (nothing was run), the program
        failed, or nobody knows how far it came because the Docker daemon was lost on the way: then the step is in doubt.
        """,
    repeatable = Repeatable.NEVER,
    because = "What the program does is not known, so a second run might do it twice.")
public final class RunCommand implements Action<RunCommand.Input, RunCommand.Output> {
  public record Input(
      @Doc("The program and its arguments, word by word.") List<String> command,
      @Doc("Where to run it. On the worker if absent.") @Nullable In in,
      @Doc(
              "The directory to run it in, where it runs. The worker's own, or the container's, if absent.")
          @Nullable Path workingDirectory,
      @Doc(
              value = "Variables for its environment, on top of those that are there.",
              defaultValue = "{}")
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
    Place place = In.place(input.in(), context);
    Command command =
        new Command(
            input.command(),
            input.workingDirectory(),
            Command.revealed(input.environment(), context),
            input.timeout());
    Ended ended = ProgramRun.succeed(command, place, input.exitCodes(), "output.txt", context);
    return new Output(ended.exitCode(), ended.tail(), ended.log(), ended.sha256(), ended.took());
  }

  @Override
  public Preview preview(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    requireAllowed(input, context);
    Place place = In.place(input.in(), context);
    List<Detail> details = new ArrayList<>();
    details.add(
        new Detail(
            Preview.Kind.NOTE,
            "Command",
            List.of(
                String.join(" ", input.command()),
                place.describe()
                    + (input.workingDirectory() == null ? "" : ", in " + input.workingDirectory()),
                "for at most " + Durations.print(input.timeout()))));
    try {
      place.look(context);
    } catch (ActionException e) {
      details.add(new Detail(Preview.Kind.PROBLEM, "As things are now", List.of(e.getMessage())));
    }
    return new Preview(
        "Would run " + input.command().get(0) + (input.in() == null ? "" : " " + place.describe()),
        true,
        details,
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
}
