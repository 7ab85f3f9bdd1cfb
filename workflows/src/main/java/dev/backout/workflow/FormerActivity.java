package dev.backout.workflow;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** The worker's journal, asked about a step that former runs may have carried out. */
@ActivityInterface
public interface FormerActivity {
  String TYPE = "backout:settleFormer";

  /**
   * What came of the newest of these attempts. Where none is found to have begun, none begins
   * afterwards, however late it is delivered.
   */
  @ActivityMethod(name = TYPE)
  Settlement settleFormer(FormerCall former);
}
