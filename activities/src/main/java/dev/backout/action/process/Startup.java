package dev.backout.action.process;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.Durations;
import dev.backout.action.ProcessTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Sees a program through its start. One that fails, or whose start is cancelled, is stopped again
 * with all that came of it, so that nothing is left running that nobody knows of.
 */
final class Startup {
  private static final long POLL_MILLIS = 20;
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final StartProcess.Input input;
  private final @Nullable Path pidFile;
  private final ActionContext context;
  private final String command;

  Startup(StartProcess.Input input, @Nullable Path pidFile, ActionContext context) {
    this.input = input;
    this.pidFile = pidFile;
    this.context = context;
    this.command = String.join(" ", input.command());
  }

  /**
   * @param mark the entry of its environment that no other start has
   * @param offset how long its log was before
   */
  void await(Process process, String mark, Path log, long offset)
      throws ActionException, InterruptedException {
    try {
      writePidFile(process.pid());
      awaitFresh(process, mark, log, offset);
    } catch (CancelledException e) {
      throw new CancelledException(e.getMessage() + stopAgain(process, mark));
    } catch (InterruptedException e) {
      var unused = stopAgain(process, mark);
      throw e;
    } catch (ActionException e) {
      throw new ActionException(e.kind(), e.getMessage() + stopAgain(process, mark), e);
    }
  }

  private void awaitFresh(Process process, String mark, Path log, long offset)
      throws ActionException, InterruptedException {
    Duration limit = input.port() == null ? input.settle() : input.within();
    long deadline = System.nanoTime() + limit.toNanos();
    while (System.nanoTime() < deadline) {
      if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new ActionException(
            Kind.PERMANENT,
            command
                + " ended at once with exit code "
                + process.exitValue()
                + ". "
                + LogTail.of(log, offset, context)
                + "\nMend that, then retry.");
      }
      if (input.port() != null && owner(Set.of(process.pid()), mark).listens()) {
        return;
      }
      context.heartbeat("waiting for process " + process.pid());
    }
    if (input.port() != null) {
      throw new ActionException(
          Kind.PERMANENT,
          command
              + " is not up: within "
              + Durations.print(limit)
              + " "
              + owner(Set.of(process.pid()), mark).silence()
              + ". "
              + LogTail.of(log, offset, context)
              + "\nSee what it waits for, or give it longer by `within`; then retry.");
    }
  }

  /** One that somebody has started before is waited for just so, and left as it is. */
  void awaitRunning(List<RunningProcess> running, Path log)
      throws ActionException, InterruptedException {
    RunningProcess first = running.get(0);
    noteRunning(running);
    if (input.port() == null) {
      return;
    }
    PortOwner owner =
        owner(running.stream().map(RunningProcess::pid).collect(Collectors.toSet()), "");
    long deadline = System.nanoTime() + input.within().toNanos();
    while (!owner.listens()) {
      if (!first.isAlive()) {
        throw new ActionException(
            Kind.TRANSIENT,
            first
                + " was running already, and ended while it was waited for. "
                + LogTail.of(log, 0, context)
                + "\nA retry starts it.");
      }
      if (System.nanoTime() > deadline) {
        throw new ActionException(
            Kind.PERMANENT,
            first
                + " is running already, and within "
                + Durations.print(input.within())
                + " "
                + owner.silence()
                + ". It was left as it is: stop it, then retry. "
                + LogTail.of(log, 0, context));
      }
      context.heartbeat("waiting for " + context.mask(first.toString()));
      Thread.sleep(POLL_MILLIS);
    }
  }

  private PortOwner owner(Set<Long> roots, String mark) {
    int port = input.port() == null ? 0 : input.port();
    String which =
        roots.stream().map(String::valueOf).sorted().collect(Collectors.joining(", process "));
    return new PortOwner(port, roots, mark, command + " (process " + which + ")", context);
  }

  /** Before it is waited for: should the worker die meanwhile, the program can still be named. */
  private void writePidFile(long pid) throws ActionException {
    if (pidFile == null) {
      return;
    }
    try {
      Files.writeString(pidFile, pid + "\n");
    } catch (IOException e) {
      throw new ActionException(
          Kind.PERMANENT,
          "The pid file "
              + pidFile
              + " can't be written: "
              + e
              + ". See that its directory exists and that the worker's user may write there, then retry.",
          e);
    }
  }

  private void noteRunning(List<RunningProcess> running) throws ActionException {
    if (pidFile == null) {
      return;
    }
    if (!isNoted(pidFile, running)) {
      writePidFile(running.get(0).pid());
    }
  }

  private static boolean isNoted(Path pidFile, List<RunningProcess> running) {
    try {
      return ProcessMatch.fromPidFile(pidFile).filter(running::contains).isPresent();
    } catch (ActionException e) {
      // It holds something else, and is to hold the id.
      return false;
    }
  }

  /**
   * @return a sentence on what became of it; empty if it had ended by itself
   */
  private String stopAgain(Process process, String mark) throws InterruptedException {
    boolean ran = process.isAlive();
    List<Long> left = new ProcessTree(process, mark).end(GRACE);
    if (!left.isEmpty()) {
      return " What was started could not be stopped again, even by KILL: processes " + left + ".";
    }
    removePidFile(process.pid());
    return ran ? " Process " + process.pid() + ", started by this step, was stopped again." : "";
  }

  private void removePidFile(long pid) {
    try {
      if (pidFile != null && Files.readString(pidFile).strip().equals(Long.toString(pid))) {
        Files.delete(pidFile);
      }
    } catch (IOException e) {
      // A pid file of a process that is gone names nothing, whoever reads it.
    }
  }
}
