package dev.backout.action;

/** A run's id as a part of a file's name. */
public final class RunLabel {
  private static final int LONGEST = 40;

  private RunLabel() {}

  public static String of(ActionContext context) {
    String run = context.call().runId().replaceAll("[^A-Za-z0-9_-]", "-");
    return run.length() > LONGEST ? run.substring(0, LONGEST) : run;
  }
}
