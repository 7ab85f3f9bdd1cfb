package dev.backout.history;

/** The words that a decision may have. */
public final class Choices {
  public static final String APPROVE = "approve";
  public static final String REJECT = "reject";
  public static final String RETRY = "retry";
  public static final String SKIP = "skip";
  public static final String STOP = "stop";

  /** As {@link #STOP}, and the step under way is interrupted. */
  public static final String STOP_NOW = "stop-now";

  /** No further step begins, until {@link #CONTINUE}. */
  public static final String PAUSE = "pause";

  public static final String CONTINUE = "continue";

  /** All that was done is taken back, and the run ends. */
  public static final String UNDO = "undo";

  /** A step in doubt has happened. */
  public static final String DONE = "done";

  /** An item of a checklist has been done. */
  public static final String TICK = "tick";

  /** One's own approval no longer counts; until the gate has opened. */
  public static final String WITHDRAW = "withdraw";

  private Choices() {}
}
