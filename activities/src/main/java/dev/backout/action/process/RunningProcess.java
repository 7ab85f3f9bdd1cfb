package dev.backout.action.process;

import dev.backout.action.Durations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A process at the moment it was looked at.
 *
 * @param started the kernel's clock ticks from boot to its start: with the pid it names a process
 *     for good, as pids are used again
 * @param arguments empty for a thread of the kernel
 */
record RunningProcess(
    long pid, long parent, long started, List<String> arguments, Optional<Path> workingDirectory) {

  boolean isKernelThread() {
    return arguments.isEmpty();
  }

  String commandLine() {
    return String.join(" ", arguments);
  }

  /** Still the same process, and not dead. */
  boolean isAlive() {
    return ProcessTable.find(pid).filter(now -> now.started == started).isPresent();
  }

  String runningFor() {
    Duration age =
        ProcessHandle.of(pid)
            .flatMap(handle -> handle.info().startInstant())
            .map(start -> Duration.between(start, Instant.now()))
            .filter(duration -> !duration.isNegative())
            .orElse(Duration.ZERO);
    return Durations.print(Duration.ofSeconds(age.toSeconds()));
  }

  @Override
  public String toString() {
    return "process " + pid + " (" + commandLine() + ")";
  }
}
