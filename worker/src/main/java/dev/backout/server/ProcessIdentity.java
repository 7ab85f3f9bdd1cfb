package dev.backout.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A process that can't be taken for another one that was later given its number. */
record ProcessIdentity(long pid, Instant startedAt) {
  /** The kernel counts a process's start from a boot time that moves a little with the clock. */
  private static final Duration TOLERANCE = Duration.ofSeconds(3);

  static ProcessIdentity of(ProcessHandle process) {
    return new ProcessIdentity(process.pid(), process.info().startInstant().orElse(Instant.EPOCH));
  }

  /** The process, if it still is this one and not a zombie. */
  Optional<ProcessHandle> alive() {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(
            process ->
                process
                    .info()
                    .startInstant()
                    .map(start -> Duration.between(startedAt, start).abs().compareTo(TOLERANCE) < 0)
                    .orElse(startedAt.equals(Instant.EPOCH)))
        .filter(process -> !isZombie());
  }

  /** Ends it: TERM, and KILL when {@code grace} has passed. Returns whether it is gone. */
  boolean end(Duration grace) throws InterruptedException {
    alive().ifPresent(ProcessHandle::destroy);
    if (isGoneWithin(grace)) {
      return true;
    }
    alive().ifPresent(ProcessHandle::destroyForcibly);
    return isGoneWithin(Duration.ofSeconds(5));
  }

  private boolean isGoneWithin(Duration time) throws InterruptedException {
    long until = System.nanoTime() + time.toNanos();
    while (alive().isPresent()) {
      if (System.nanoTime() > until) {
        return false;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return true;
  }

  private boolean isZombie() {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      // The state follows the command's name, which is in parentheses and may hold anything.
      return stat.charAt(stat.lastIndexOf(')') + 2) == 'Z';
    } catch (IOException | IndexOutOfBoundsException e) {
      return false;
    }
  }
}
