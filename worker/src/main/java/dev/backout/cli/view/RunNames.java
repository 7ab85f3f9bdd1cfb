package dev.backout.cli.view;

import dev.backout.history.RunStatus.RunState;

/** What people call a run. */
public final class RunNames {
  private static final int PREFIX = 8;

  private RunNames() {}

  /** Long enough to be one of its kind, short enough to type. */
  public static String prefix(String runId) {
    return runId.substring(0, Math.min(PREFIX, runId.length()));
  }

  public static String word(RunState state) {
    return switch (state) {
      case RUNNING -> "running";
      case WAITING -> "waiting for a person";
      case SUCCEEDED -> "succeeded";
      case FAILED -> "failed";
      case STOPPED -> "stopped";
      case UNDONE -> "undone";
      case CANCELLED -> "cancelled";
      case TERMINATED -> "terminated";
      case INTERRUPTED -> "interrupted";
    };
  }
}
