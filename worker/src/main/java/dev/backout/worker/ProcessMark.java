package dev.backout.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What tells one process from another that was later given its number. Where the kernel says it,
 * the mark counts from the machine's boot, so that a clock that is set doesn't make a living
 * process look like another one.
 */
record ProcessMark(long pid, String mark) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

  /** Of the fields behind the command's name, which is in parentheses and may hold anything. */
  private static final int STATE = 0;

  private static final int START_TICKS = 19;

  static ProcessMark own() {
    long pid = ProcessHandle.current().pid();
    return new ProcessMark(pid, markOf(pid));
  }

  /** Whether the process still runs, and is this one. */
  boolean isAlive() {
    return !mark.isEmpty()
        && ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent()
        && mark.equals(markOf(pid));
  }

  /** Whether no process has this number, whoever it is. */
  boolean isGone() {
    return mark.isEmpty()
        ? ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()
        : !isAlive();
  }

  /** Empty for a process that is not there, or a zombie. */
  private static String markOf(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return fields[STATE].equals("Z")
          ? ""
          : fields[START_TICKS] + "@" + Files.readString(BOOT).strip();
    } catch (IOException | IndexOutOfBoundsException e) {
      return ProcessHandle.of(pid)
          .flatMap(process -> process.info().startInstant())
          .map(Instant::toString)
          .orElse("");
    }
  }
}
