package dev.backout.workflow;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** The worker's policy, asked about a decision at the moment at which it is to count. */
@ActivityInterface
public interface JudgeActivity {
  String TYPE = "backout:judge";

  @ActivityMethod(name = TYPE)
  Judgement judge(JudgeRequest request);
}
