package dev.backout.history;

/**
 * How the steps of a run are named: {@code stop}, {@code drain/api/stop_api} in branch {@code api}
 * of {@code drain}, {@code restart[2]/stop} for the second element of {@code restart}, {@code
 * validate/smoke} in the child runbook of {@code validate}.
 */
public final class StepPath {
  /** What waits when the preflight does not hold; no step. */
  public static final String PREFLIGHT = "preflight";

  /** The run as a whole. */
  public static final String RUN = "";

  private StepPath() {}

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

  /** The workflow id of a step's child runbook. */
  public static String childWorkflowId(String workflowId, String path) {
    return workflowId + "/" + path;
  }
}
