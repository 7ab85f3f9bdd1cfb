package dev.backout.action;

/**
 * The worker's durable note of each act, before it begins and after it ended: what settles a doubt.
 */
public interface Journal {

  /**
   * Notes that an act is about to begin; returns only when the note is durable if {@code
   * repeatable} is false.
   *
   * @return what to call when the act has ended
   * @throws ActionException if an act that isn't safe to repeat can't be noted; it must not begin
   */
  Act begin(StepCall call, String action, boolean repeatable) throws ActionException;

  /** An act under way. */
  interface Act {
    /**
     * @param outcome {@code done}, {@code failed: …} or {@code cancelled}
     */
    void end(String outcome);
  }
}
