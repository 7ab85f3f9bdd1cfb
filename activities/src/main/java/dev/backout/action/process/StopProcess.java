package dev.backout.action.process;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Durations;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stops processes of the worker's machine, and proves that they are gone. */
@ActionInfo(
    name = "process.stop",
    summary = "Stop a process and prove that it is gone",
    description =
        """
        The process is named by its pid file, the port that it listens on, or its exact command line. What is given must
        agree: a process on the port that has another command line or working directory is a stranger, and is named and
        left alone. The worker itself, its parents and process 1 are never stopped, nor more processes than `max`.

        With `descendants` the processes that it has started, and those that they have, are stopped with it: the preview lists
        them. Without, what they do when their parent ends is theirs to decide.

        It is sent TERM; after `grace`, KILL. Before each signal the process is looked at again: one that has got the id meanwhile is
        left alone. The step is done when the processes, and whatever listened on `port`, are
        gone. Nothing that matches is a success: what should be stopped is stopped.
        """,
    repeatable = Repeatable.SAFE,
    because =
        "Stopping what is stopped changes nothing, and a process is told from a later one with its id by the time of its start.")
public final class StopProcess implements Action<StopProcess.Input, StopProcess.Output> {
  private static final Duration AFTER_KILL = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 20;

  public record Input(
      @Doc("A file that holds the process' id. If it isn't there, nothing runs.")
          @Nullable Path pidFile,
      @Doc("The TCP port that it listens on.") @Nullable Integer port,
      @Doc(
              "Its exact command line, word by word; words of an interpreter before it are passed over.")
          @Nullable List<String> command,
      @Doc("The directory that it runs in.") @Nullable Path workingDirectory,
      @Doc(value = "How long it has to end by itself after TERM.", defaultValue = "10s")
          Duration grace,
      @Doc(
              value = "How many processes may match; their descendants don't count.",
              defaultValue = "1")
          int max,
      @Doc(
              value =
                  "Whether their descendants, as they are when they are asked to end, are stopped with them.",
              defaultValue = "false")
          boolean descendants) {}

  public record Output(
      @Doc("The processes that were stopped; empty if none was running.") List<Stopped> stopped,
      @Doc("From the first signal to the last proof.") Duration took) {}

  /** A process that was stopped. */
  public record Stopped(
      @Doc("Its process id.") long pid,
      @Doc("Its command line.") String commandLine,
      @Doc("Whether it had to be killed.") boolean killed) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    long began = System.nanoTime();
    List<RunningProcess> matched = new ArrayList<>(matched(input, context));
    matched.addAll(descendants(matched, input));
    matched.forEach(process -> signal(process, false));
    List<RunningProcess> deaf = new ArrayList<>(await(matched, input.grace(), context));
    // What a deaf one has started since would live on without it.
    List<RunningProcess> late = descendants(deaf, input);
    late.removeAll(matched);
    matched.addAll(late);
    deaf.addAll(late);
    deaf.forEach(process -> signal(process, true));
    List<RunningProcess> immortal = await(deaf, AFTER_KILL, context);
    if (!immortal.isEmpty()) {
      throw new ActionException(
          Kind.PERMANENT,
          immortal
              + " did not end even by KILL: it may hang in the kernel, in a disk or network file system. See to that, then retry.");
    }
    requirePortFree(input, context);
    return new Output(
        matched.stream()
            .map(
                process ->
                    new Stopped(
                        process.pid(), context.mask(process.commandLine()), deaf.contains(process)))
            .toList(),
        Duration.ofNanos(System.nanoTime() - began));
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    List<RunningProcess> matched = matched(input, context);
    if (matched.isEmpty()) {
      return new Preview("Nothing to stop: no such process is running", false, List.of(), null);
    }
    List<Detail> details = new ArrayList<>(List.of(table("Processes", matched, context)));
    List<RunningProcess> descendants = descendants(matched, input);
    if (!descendants.isEmpty()) {
      details.add(table("Their descendants", descendants, context));
    }
    return new Preview(
        "Would stop "
            + (matched.size() == 1
                ? "process " + matched.get(0).pid()
                : matched.size() + " processes")
            + (descendants.isEmpty() ? "" : " with " + descendants.size() + " descending from it")
            + ": TERM, and KILL after "
            + Durations.print(input.grace()),
        true,
        details,
        null);
  }

  private static Detail table(String title, List<RunningProcess> processes, ActionContext context) {
    List<String> lines = new ArrayList<>(List.of("PID\tRUNNING FOR\tDIRECTORY\tCOMMAND"));
    processes.forEach(process -> lines.add(context.mask(row(process))));
    return new Detail(Preview.Kind.TABLE, title, lines);
  }

  private static List<RunningProcess> descendants(List<RunningProcess> processes, Input input)
      throws ActionException {
    return input.descendants() ? ProcessMatch.descendants(processes) : new ArrayList<>();
  }

  private static String row(RunningProcess process) {
    return String.join(
        "\t",
        Long.toString(process.pid()),
        process.runningFor(),
        process.workingDirectory().map(Path::toString).orElse("?"),
        process.commandLine());
  }

  private static List<RunningProcess> matched(Input input, ActionContext context)
      throws ActionException {
    List<RunningProcess> matched = ProcessMatch.of(input, context).find();
    if (matched.size() > input.max()) {
      throw new ActionException(
          Kind.PERMANENT,
          matched.size()
              + " processes match, and at most "
              + input.max()
              + " may: "
              + matched.stream().map(RunningProcess::toString).collect(Collectors.joining(", "))
              + ". Nothing was stopped; narrow the step's `with`, or raise `max` if all of them are meant.");
    }
    return matched;
  }

  private static void signal(RunningProcess process, boolean kill) {
    if (!process.isAlive()) {
      return;
    }
    ProcessHandle.of(process.pid())
        .ifPresent(
            handle -> {
              if (kill) {
                handle.destroyForcibly();
              } else {
                handle.destroy();
              }
            });
  }

  /** Those that are still alive when the time is up. */
  private static List<RunningProcess> await(
      List<RunningProcess> processes, Duration limit, ActionContext context)
      throws InterruptedException {
    long deadline = System.nanoTime() + limit.toNanos();
    List<RunningProcess> alive = processes.stream().filter(RunningProcess::isAlive).toList();
    for (int turn = 0; !alive.isEmpty() && System.nanoTime() < deadline; turn++) {
      if (turn % 50 == 0) {
        context.heartbeat("waiting for " + alive + " to end");
      }
      Thread.sleep(POLL_MILLIS);
      alive = alive.stream().filter(RunningProcess::isAlive).toList();
    }
    return alive;
  }

  /** A child of the stopped process may have inherited its socket. */
  private static void requirePortFree(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    Integer port = input.port();
    if (port == null) {
      return;
    }
    long deadline = System.nanoTime() + AFTER_KILL.toNanos();
    while (ProcessTable.isListening(port)) {
      if (System.nanoTime() > deadline) {
        throw new ActionException(
            Kind.PERMANENT,
            "The process is gone, and port "
                + port
                + " is still held, by "
                + context.mask(ProcessTable.listeningOn(port).toString())
                + ": a child that inherited it, or something that starts the service again. Stop that, or with `descendants` the children too; then retry.");
      }
      context.heartbeat("waiting for port " + port + " to be free");
      Thread.sleep(POLL_MILLIS);
    }
  }
}
