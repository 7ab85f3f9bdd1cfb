package dev.backout.action.process;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.DotenvFile;
import dev.backout.action.LoaderVariables;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.ProcessTree;
import dev.backout.action.Sha256;
import dev.backout.action.TextOrSecret;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Starts a program that goes on without the worker. */
@ActionInfo(
    name = "process.start",
    summary = "Start a program that outlives the worker",
    description =
        """
        The program gets a session of its own, no standard input, and its output appended to a log. With `port` the step
        waits until the program, or a child of it, listens there, otherwise until it has lived for `settle`. If it ends before that, the
        step fails with the end of its log. A start that fails or is cancelled leaves nothing running: what was started is
        stopped again, with its children, and its pid file removed.

        If a process with this command line already runs in this directory, it is left as it is, waited for in the same
        way and reported with `alreadyRunning`. A program named with a slash must lie in a directory that
        the worker may touch, any other among its `allowedPrograms`; variables by which the latter would load or start something
        else, such as `PATH` or `LD_PRELOAD`, are refused. A port that somebody else holds is an error before anything is started.
        """,
    repeatable = Repeatable.SAFE,
    because =
        "A program that already runs, by its command line and directory, is not started again.")
public final class StartProcess implements Action<StartProcess.Input, StartProcess.Output> {
  /** Marks this one start, where the other mark says what was started. */
  private static final String START = "BACKOUT_START";

  public record Input(
      @Doc("The program and its arguments, word by word; no shell reads them.")
          List<String> command,
      @Doc("The directory to run it in.") Path workingDirectory,
      @Doc("Variables for its environment, on top of the worker's.")
          @Nullable Map<String, TextOrSecret> environment,
      @Doc(
              "A `.env` file whose variables it gets, as they are, nothing in them expanded; `environment` wins over it.")
          @Nullable Path envFile,
      @Doc("Where its output goes. `logs/NAME.out` or `NAME.out` in the directory if absent.")
          @Nullable Path log,
      @Doc(
              "Where to write its process id, as soon as it is started; nowhere if absent, as many services write their own.")
          @Nullable Path pidFile,
      @Doc("The TCP port that it must come to listen on.") @Nullable Integer port,
      @Doc(value = "How long it has to listen on the port.", defaultValue = "30s") Duration within,
      @Doc(
              value = "Without a port: how long it must live to count as started.",
              defaultValue = "1s")
          Duration settle) {}

  public record Output(
      @Doc("Its process id.") long pid,
      @Doc("Whether it had been running before.") boolean alreadyRunning,
      @Doc("Its log.") Path log) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, IOException, InterruptedException {
    Path directory = directory(input, context);
    Path log = log(input, directory, context);
    Path pidFile = input.pidFile() == null ? null : context.allowed(input.pidFile());
    Startup startup = new Startup(input, pidFile, context);
    List<RunningProcess> running = findRunning(input, directory);
    if (!running.isEmpty()) {
      startup.awaitRunning(running, log);
      return new Output(running.get(0).pid(), true, log);
    }
    requirePortFree(input, context);
    long offset = Files.exists(log) ? Files.size(log) : 0;
    String start = UUID.randomUUID().toString();
    Process process = launch(input, directory, log, start, context);
    startup.await(process, START + "=" + start, log, offset);
    return new Output(process.pid(), false, log);
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException, IOException {
    Path directory = directory(input, context);
    String command = String.join(" ", input.command());
    List<Detail> details = new ArrayList<>();
    List<RunningProcess> running = findRunning(input, directory);
    if (!running.isEmpty()) {
      details.add(
          new Detail(
              Preview.Kind.NOTE,
              "Running now",
              List.of(running.get(0) + ", which is left as it is if no earlier step stops it")));
    }
    details.add(
        new Detail(
            Preview.Kind.NOTE,
            "Program",
            List.of(command, "in " + directory, "output to " + log(input, directory, context))));
    details.addAll(variables(input, directory, context));
    return new Preview("Would start " + command, true, details, null);
  }

  /** The names alone: what they hold is the program's. An earlier step may still write the file. */
  private static List<Detail> variables(Input input, Path directory, ActionContext context) {
    try {
      requireProgram(resolved(input.command(), directory).get(0), context);
      List<String> names = List.copyOf(new TreeSet<>(variables(input, context).keySet()));
      return names.isEmpty()
          ? List.of()
          : List.of(
              new Detail(
                  Preview.Kind.NOTE, "Its environment gets", List.of(String.join(", ", names))));
    } catch (ActionException e) {
      return List.of(new Detail(Preview.Kind.PROBLEM, "Now", List.of(e.getMessage())));
    }
  }

  private static Path directory(Input input, ActionContext context) throws ActionException {
    if (input.command().isEmpty()) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "process.start needs a command: the program and its arguments as a list.");
    }
    Path directory = context.allowed(input.workingDirectory());
    if (!Files.isDirectory(directory)) {
      throw new ActionException(
          Kind.PERMANENT,
          "There is no directory "
              + directory
              + " to run "
              + input.command().get(0)
              + " in. Nothing was started; correct `workingDirectory`, or make the directory.");
    }
    return directory;
  }

  private static Path log(Input input, Path directory, ActionContext context)
      throws ActionException {
    if (input.log() != null) {
      return context.allowed(input.log());
    }
    Path logs = directory.resolve("logs");
    String name = Path.of(input.command().get(0)).getFileName() + ".out";
    return Files.isDirectory(logs) ? logs.resolve(name) : directory.resolve(name);
  }

  private static void requirePortFree(Input input, ActionContext context) throws ActionException {
    if (input.port() != null && ProcessTable.isListening(input.port())) {
      throw new ActionException(
          Kind.PERMANENT,
          "Port "
              + input.port()
              + " is taken by "
              + context.mask(ProcessTable.listeningOn(input.port()).toString())
              + ", so "
              + input.command().get(0)
              + " was not started. Find out who that is; when the port is free, retry.");
    }
  }

  /**
   * By its command line; or by the mark that it was started with, as a launcher may have become
   * another program. Parents before their children.
   */
  private static List<RunningProcess> findRunning(Input input, Path directory)
      throws ActionException {
    List<String> command = resolved(input.command(), directory);
    String mark = ProcessTree.MARK + "=" + mark(command, directory);
    List<RunningProcess> running =
        ProcessTable.all().stream()
            .filter(process -> !process.isKernelThread())
            .filter(process -> process.workingDirectory().map(directory::equals).orElse(false))
            .filter(
                process ->
                    ProcessMatch.isCommandOf(process, command)
                        || ProcessTree.hasEnvironment(process.pid(), mark))
            .toList();
    Set<Long> pids = running.stream().map(RunningProcess::pid).collect(Collectors.toSet());
    return running.stream()
        .sorted(Comparator.comparing(process -> pids.contains(process.parent())))
        .toList();
  }

  private static String mark(List<String> command, Path directory) {
    return Sha256.of(directory + "\n" + String.join("\n", command));
  }

  /** A program that is named with a slash is meant from the directory that it runs in. */
  private static List<String> resolved(List<String> command, Path directory) {
    String program = command.get(0);
    if (!program.contains("/")) {
      return command;
    }
    List<String> words = new ArrayList<>(command);
    words.set(0, directory.resolve(program).normalize().toString());
    return words;
  }

  private static Process launch(
      Input input, Path directory, Path log, String start, ActionContext context)
      throws ActionException {
    requireProgram(resolved(input.command(), directory).get(0), context);
    Map<String, String> variables = variables(input, context);
    List<String> words = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      // A session of its own: the terminal's Ctrl-C and hang-up, and the end of the worker's group,
      // pass it by.
      words.add("/usr/bin/setsid");
    }
    words.addAll(resolved(input.command(), directory));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(variables);
    builder
        .environment()
        .put(ProcessTree.MARK, mark(resolved(input.command(), directory), directory));
    builder.environment().put(START, start);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new ActionException(
          Kind.PERMANENT,
          String.join(" ", input.command())
              + " can't be started in "
              + directory
              + " with its output to "
              + log
              + ": "
              + e.getMessage()
              + ". Nothing was started; see that the log's directory exists and that the worker's user may write there, then retry.",
          e);
    }
  }

  /** What the step says wins over what its file says. */
  private static Map<String, String> variables(Input input, ActionContext context)
      throws ActionException {
    Map<String, String> variables = new LinkedHashMap<>();
    if (input.envFile() != null) {
      variables.putAll(DotenvFile.read(input.envFile(), context));
    }
    if (input.environment() != null) {
      for (Map.Entry<String, TextOrSecret> variable : input.environment().entrySet()) {
        variables.put(variable.getKey(), context.reveal(variable.getValue().text()));
      }
    }
    String program = input.command().get(0);
    if (!program.contains("/")) {
      // A program of an allowed directory is itself what whoever may write there says it is.
      LoaderVariables.refuse(variables.keySet(), program);
    }
    return variables;
  }

  /** A program of an allowed directory, or one that the worker's operator allows by name. */
  private static void requireProgram(String program, ActionContext context) throws ActionException {
    if (program.contains("/")) {
      var unused = context.allowed(Path.of(program));
    } else {
      context.allowProgram(program);
    }
    boolean there =
        program.contains("/")
            ? Files.isExecutable(Path.of(program))
            : List.of(
                    Optional.ofNullable(System.getenv("PATH"))
                        .orElse("")
                        .split(File.pathSeparator, -1))
                .stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    if (!there) {
      throw new ActionException(
          Kind.PERMANENT,
          "There is no program '"
              + program
              + "' that could be started. Nothing was started; correct the command, or install it on the worker.");
    }
  }
}
