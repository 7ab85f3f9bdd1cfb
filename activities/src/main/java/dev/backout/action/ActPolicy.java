package dev.backout.action;

/**
 * What the worker's policy says to an act, besides its limits. Asked anew for each, since a policy
 * may change while the worker runs.
 */
@FunctionalInterface
public interface ActPolicy {
  /** Where there is no policy. */
  ActPolicy NONE = (act, limits) -> limits;

  /**
   * What is to be done.
   *
   * @param changes whether it may change something: neither a preview nor an action that only reads
   */
  record Act(String action, boolean changes, StepCall call) {}

  /**
   * The limits within which it may be done.
   *
   * @throws ActionException of kind NOT_ALLOWED if it may not be done at all
   */
  WorkerLimits limitsFor(Act act, WorkerLimits limits) throws ActionException;
}
