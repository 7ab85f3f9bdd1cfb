package dev.backout.runbook;

import java.util.Locale;

/** What somebody outside can be told of. */
public enum Occasion {
  /** The run has begun. */
  STARTED,
  /** A checkpoint, a failed step, a doubt or a manual step waits for people. */
  WAITING,
  /** A checkpoint waits still. */
  REMINDED,
  /** Nobody decided in time, so others are asked too. */
  ESCALATED,
  /** A step has failed, and the runbook says what then, so nobody is asked. */
  FAILED,
  /** An objective will probably be missed. */
  AT_RISK,
  /** The run has ended, however. */
  FINISHED;

  /** As the runbook writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
