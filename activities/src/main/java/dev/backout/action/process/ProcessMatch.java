package dev.backout.action.process;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which processes are meant. All that is given must agree: a process on the port with another
 * command line is a stranger, and a stranger is never stopped.
 */
final class ProcessMatch {
  /** Starts are counted in clock ticks since a boot time of whole seconds. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

  private static final Pattern INTERPRETER =
      Pattern.compile("(?:.*/)?(?:python[0-9.]*|ruby[0-9.]*|perl|node|php[0-9.]*|sh|bash|dash)");

  private final @Nullable Path pidFile;
  private final @Nullable Integer port;
  private final @Nullable List<String> command;
  private final @Nullable Path workingDirectory;

  ProcessMatch(
      @Nullable Path pidFile,
      @Nullable Integer port,
      @Nullable List<String> command,
      @Nullable Path workingDirectory) {
    this.pidFile = pidFile;
    this.port = port;
    this.command = command;
    this.workingDirectory = workingDirectory;
  }

  static ProcessMatch of(StopProcess.Input input, ActionContext context) throws ActionException {
    if (input.pidFile() == null && input.port() == null && input.command() == null) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "process.stop needs to know which process is meant: give pidFile, port or command. A working directory alone would also match the shell of a colleague.");
    }
    return new ProcessMatch(
        input.pidFile() == null ? null : context.allowed(input.pidFile()),
        input.port(),
        input.command(),
        input.workingDirectory() == null ? null : context.allowed(input.workingDirectory()));
  }

  /**
   * @throws ActionException when what was found contradicts what was asked for, naming the stranger
   */
  List<RunningProcess> find() throws ActionException {
    List<RunningProcess> candidates = candidates();
    List<RunningProcess> matching = new ArrayList<>();
    for (RunningProcess candidate : candidates) {
      Optional<String> mismatch = mismatch(candidate);
      if (mismatch.isEmpty()) {
        matching.add(candidate);
      } else if (port != null) {
        throw new ActionException(
            Kind.PERMANENT,
            "Port "
                + port
                + " is held by a stranger: "
                + candidate
                + " "
                + mismatch.get()
                + ". It was not stopped. If it is what should stop, say so in the step's `with`.");
      }
    }
    if (candidates.isEmpty() && port != null && ProcessTable.isListening(port)) {
      throw new ActionException(
          Kind.PERMANENT,
          "Something listens on port "
              + port
              + ", and whose it is can't be seen from here: it belongs to another user or runs in a container. Run the worker as that user, or stop it by what runs it.");
    }
    refuseUntouchable(matching);
    return matching;
  }

  private List<RunningProcess> candidates() throws ActionException {
    if (port != null) {
      return ProcessTable.listeningOn(port);
    }
    if (pidFile != null) {
      return fromPidFile(pidFile).stream().toList();
    }
    return ProcessTable.all().stream().filter(process -> !process.isKernelThread()).toList();
  }

  static Optional<RunningProcess> fromPidFile(Path pidFile) throws ActionException {
    ProcessTable.requireLinux();
    if (!Files.exists(pidFile)) {
      return Optional.empty();
    }
    try {
      String text = Files.readString(pidFile).strip();
      return text.isEmpty()
          ? Optional.empty()
          : ProcessTable.find(Long.parseLong(text)).filter(process -> !isYounger(process, pidFile));
    } catch (IOException e) {
      throw new ActionException(
          Kind.PERMANENT, "The pid file " + pidFile + " can't be read: " + e.getMessage(), e);
    } catch (NumberFormatException e) {
      throw new ActionException(
          Kind.PERMANENT,
          "The pid file "
              + pidFile
              + " should hold one process id and holds something else: name the process by port or command instead.",
          e);
    }
  }

  /** Started after its id was written down: another process, which was given the id again. */
  private static boolean isYounger(RunningProcess process, Path pidFile) {
    try {
      Instant written = Files.getLastModifiedTime(pidFile).toInstant().plus(CLOCK_TOLERANCE);
      return ProcessHandle.of(process.pid())
          .flatMap(handle -> handle.info().startInstant())
          .map(started -> started.isAfter(written))
          .orElse(false);
    } catch (IOException e) {
      return false;
    }
  }

  /** Why a candidate is not what is meant; empty if it is. */
  private Optional<String> mismatch(RunningProcess process) throws ActionException {
    if (command != null && !isCommandOf(process, command)) {
      return Optional.of("has not the command line '" + String.join(" ", command) + "'");
    }
    if (workingDirectory != null
        && !process.workingDirectory().map(workingDirectory::equals).orElse(false)) {
      return Optional.of(
          "does not run in "
              + workingDirectory
              + process.workingDirectory().map(found -> " but in " + found).orElse(""));
    }
    if (port != null && pidFile != null) {
      Optional<RunningProcess> noted = fromPidFile(pidFile);
      if (noted.isPresent() && noted.get().pid() != process.pid()) {
        return Optional.of("is not process " + noted.get().pid() + " of " + pidFile);
      }
    }
    return Optional.empty();
  }

  /**
   * The words as they are, or as an interpreter's script: {@code python3 /usr/bin/harvest api} is
   * {@code harvest api}.
   */
  static boolean isCommandOf(RunningProcess process, List<String> command) {
    List<String> words = process.arguments();
    if (words.size() == command.size() + 1 && INTERPRETER.matcher(words.get(0)).matches()) {
      words = words.subList(1, words.size());
    }
    if (words.size() != command.size()) {
      return false;
    }
    boolean sameProgram =
        words.get(0).equals(command.get(0))
            || (!command.get(0).contains("/") && Path.of(words.get(0)).endsWith(command.get(0)));
    return sameProgram && words.subList(1, words.size()).equals(command.subList(1, command.size()));
  }

  /**
   * All that descend from those, each once and after its parent.
   *
   * @throws ActionException of kind NOT_ALLOWED if the worker or a parent of it is among them
   */
  static List<RunningProcess> descendants(List<RunningProcess> processes) throws ActionException {
    List<RunningProcess> all = ProcessTable.all();
    List<RunningProcess> line = new ArrayList<>(processes);
    for (int i = 0; i < line.size(); i++) {
      RunningProcess parent = line.get(i);
      if (parent.isAlive()) {
        all.stream()
            .filter(process -> process.parent() == parent.pid() && !line.contains(process))
            .forEach(line::add);
      }
    }
    List<RunningProcess> descendants = new ArrayList<>(line.subList(processes.size(), line.size()));
    refuseUntouchable(descendants);
    return descendants;
  }

  private static void refuseUntouchable(List<RunningProcess> processes) throws ActionException {
    Set<Long> own = ownLine();
    List<RunningProcess> untouchable =
        processes.stream()
            .filter(
                process ->
                    process.pid() == 1 || process.isKernelThread() || own.contains(process.pid()))
            .toList();
    if (!untouchable.isEmpty()) {
      throw new ActionException(
          Kind.NOT_ALLOWED,
          "What is to be stopped matches "
              + untouchable.stream().map(RunningProcess::toString).collect(Collectors.joining(", "))
              + ": the worker itself, a parent of it, or the system's first process. Nothing was stopped; narrow the step's `with`.");
    }
  }

  private static Set<Long> ownLine() {
    Set<Long> line = new HashSet<>();
    long pid = ProcessHandle.current().pid();
    while (pid > 0 && line.add(pid)) {
      pid = ProcessTable.find(pid).map(RunningProcess::parent).orElse(0L);
    }
    return line;
  }
}
