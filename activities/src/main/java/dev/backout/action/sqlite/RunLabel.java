package dev.backout.action.sqlite;

import dev.backout.action.ActionContext;

/** A run's id as a part of a file's name. */
final class RunLabel {
  private static final int LONGEST = 40;

  private RunLabel() {}

  static String of(ActionContext context) {
    String run = context.call().runId().replaceAll("[^A-Za-z0-9_-]", "-");
    return run.length() > LONGEST ? run.substring(0, LONGEST) : run;
  }
}
