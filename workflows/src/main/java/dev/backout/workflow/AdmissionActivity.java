package dev.backout.workflow;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityMethod;

/** The worker's policy, asked from within a run. */
@ActivityInterface
public interface AdmissionActivity {
  String TYPE = "backout:admit";

  /** Fails with type {@code NOT_ALLOWED} and a sentence for people if the run may not begin. */
  @ActivityMethod(name = TYPE)
  Admission admit(AdmissionRequest request);
}
