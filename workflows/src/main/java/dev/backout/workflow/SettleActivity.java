package dev.backout.workflow;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** The worker's journal, asked about an attempt of which nobody knows whether it happened. */
@ActivityInterface
public interface SettleActivity {
  String TYPE = "backout:settle";

  /**
   * An attempt that is found not to have begun never begins afterwards, however late it is
   * delivered.
   */
  @ActivityMethod(name = TYPE)
  Settlement settle(StepCall attempt);
}
