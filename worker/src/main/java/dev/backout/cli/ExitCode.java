package dev.backout.cli;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;

/** What a command's end means. */
public final class ExitCode {
  public static final int DONE = 0;
  public static final int ERROR = 1;
  public static final int USAGE = 2;
  public static final int PROBLEMS = 3;
  public static final int NOT_ALLOWED = 4;
  public static final int FAILED = 5;
  public static final int WAITING = 6;
  public static final int HELD = 7;
  public static final int INTERRUPTED = 130;

  private ExitCode() {}

  static int of(RunStatus run) {
    return run.wasRefused() ? NOT_ALLOWED : of(run.state());
  }

  private static int of(RunState state) {
    return switch (state) {
      case SUCCEEDED, RUNNING -> DONE;
      case WAITING -> WAITING;
      case FAILED, STOPPED, UNDONE, CANCELLED, TERMINATED, INTERRUPTED -> FAILED;
    };
  }
}
