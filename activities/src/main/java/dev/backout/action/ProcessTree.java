package dev.backout.action;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A program that was started here, and what came of it: its descendants, those too that have left
 * it for a session of their own. Who leaves is known by the mark in its environment, or by having
 * been seen with its parents before; what cleans its environment and leaves between two looks is
 * not found. A process is told from a later one with its id by its start.
 *
 * <p>Not for several threads at once.
 */
public final class ProcessTree {
  /** The variable that marks what Backout starts. */
  public static final String MARK = "BACKOUT_PROCESS";

  private static final ProcessHandle SELF = ProcessHandle.current();
  private static final Duration AFTER_KILL = Duration.ofSeconds(5);
  private static final long POLL_MILLIS = 20;

  private final Process root;
  private final String mark;
  private final Set<ProcessHandle> seen = new LinkedHashSet<>();

  /**
   * @param mark an entry, NAME=VALUE, that the program's environment has and no other
   */
  public ProcessTree(Process root, String mark) {
    this.root = root;
    this.mark = mark;
    seen.add(root.toHandle());
  }

  /** Remembers who belongs to it now; call it now and then while the program runs. */
  public void look() {
    seen.removeIf(process -> !process.equals(root.toHandle()) && !isAlive(process));
    List<ProcessHandle> others =
        ProcessHandle.allProcesses().filter(process -> !process.equals(SELF)).toList();
    others.stream().filter(process -> hasEnvironment(process.pid(), mark)).forEach(seen::add);
    // A parent may stand after its child in the list.
    List<ProcessHandle> children = childrenOfSeen(others);
    while (seen.addAll(children)) {
      children = childrenOfSeen(others);
    }
  }

  private List<ProcessHandle> childrenOfSeen(List<ProcessHandle> processes) {
    return processes.stream()
        .filter(process -> process.parent().map(seen::contains).orElse(false))
        .toList();
  }

  /**
   * Asks all of them to end, and kills what is left after the grace and what came meanwhile.
   *
   * @return the ids of those that could not be ended; empty if all are gone
   */
  public List<Long> end(Duration grace) throws InterruptedException {
    look();
    alive().forEach(ProcessHandle::destroy);
    long asked = System.nanoTime() + grace.toNanos();
    while (!alive().isEmpty() && System.nanoTime() < asked) {
      Thread.sleep(POLL_MILLIS);
    }
    long killed = System.nanoTime() + AFTER_KILL.toNanos();
    for (look(); !alive().isEmpty() && System.nanoTime() < killed; look()) {
      alive().forEach(ProcessHandle::destroyForcibly);
      Thread.sleep(POLL_MILLIS);
    }
    return alive().stream().map(ProcessHandle::pid).toList();
  }

  private List<ProcessHandle> alive() {
    return seen.stream().filter(this::isAlive).toList();
  }

  private boolean isAlive(ProcessHandle process) {
    return process.equals(root.toHandle())
        ? root.isAlive()
        : process.isAlive() && !isZombie(process.pid());
  }

  /**
   * Whether the process was started with that entry, NAME=VALUE, in its environment; an exec keeps
   * it.
   */
  public static boolean hasEnvironment(long pid, String entry) {
    try {
      String environment =
          Files.readString(Path.of("/proc/" + pid + "/environ"), StandardCharsets.ISO_8859_1);
      return List.of(environment.split("\0", -1)).contains(entry);
    } catch (IOException e) {
      return false;
    }
  }

  /** Dead, and only not yet collected by its parent; false where that can't be told. */
  private static boolean isZombie(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      return "ZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }
}
