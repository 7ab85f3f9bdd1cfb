package dev.backout.history;

/**
 * How the steps of a run are named: {@code stop}, {@code drain/api/stop_api} in branch {@code api}
 * of {@code drain}, {@code restart[2]/stop} for the second element of {@code restart}, {@code
 * validate/smoke} in the child runbook of {@code validate}, {@code undo:stop} for taking {@code
 * stop} back.
 */
public final class StepPath {
  /** What waits when the preflight does not hold; no step. */
  public static final String PREFLIGHT = "preflight";

  /** The run as a whole. */
  public static final String RUN = "";

  private static final String UNDO = "undo:";
  private static final String PROBE = "probe:";
  private static final String ABOVE = "../";

  private StepPath() {}

  /** Of taking the step at this path back. */
  public static String undo(String path) {
    return UNDO + path;
  }

  /** Of looking whether the step at this path has happened. */
  public static String probe(String path) {
    return PROBE + path;
  }

  static boolean isProbe(String path) {
    return path.startsWith(PROBE);
  }

  public static boolean isUndo(String path) {
    return path.startsWith(UNDO);
  }

  public static String of(String prefix, String id) {
    return prefix.isEmpty() ? id : prefix + "/" + id;
  }

  public static String branch(String path, String name) {
    return path + "/" + name;
  }

  /**
   * @param index counted from 0
   */
  public static String element(String path, int index) {
    return path + "[" + (index + 1) + "]";
  }

  /** A step of the runbook that has called this one, as this one names it. */
  public static String above(String path) {
    return ABOVE + path;
  }

  /**
   * How the step of a child runbook, or one {@link #above} it, is named by the one that calls it.
   */
  static String within(String path, String step) {
    return step.startsWith(ABOVE) ? step.substring(ABOVE.length()) : path + "/" + step;
  }

  /** The workflow id of a step's child runbook. */
  public static String childWorkflowId(String workflowId, String path) {
    return workflowId + "/" + path;
  }
}
