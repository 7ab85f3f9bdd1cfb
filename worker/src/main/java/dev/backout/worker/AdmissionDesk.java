package dev.backout.worker;

import dev.backout.policy.Policy;
import dev.backout.policy.PolicyException;
import dev.backout.policy.PolicyFile;
import dev.backout.workflow.Admission;
import dev.backout.workflow.AdmissionActivity;
import dev.backout.workflow.AdmissionRequest;
import io.temporal.failure.ApplicationFailure;
import org.jspecify.annotations.Nullable;

/** Lets runs begin, or not, as the policy in force says. Only reads. */
final class AdmissionDesk implements AdmissionActivity {
  private static final String NOT_ALLOWED = "NOT_ALLOWED";

  private final PolicyFile file;

  AdmissionDesk(PolicyFile file) {
    this.file = file;
  }

  @Override
  public Admission admit(AdmissionRequest request) {
    Policy policy = inForce();
    String name = request.startedBy().isBlank() ? null : request.startedBy();
    refuse(policy, request, name);
    return new Admission(name, false, null, request.kind(), request.target(), policy.hash());
  }

  private static void refuse(Policy policy, AdmissionRequest request, @Nullable String name) {
    policy
        .refusesStart(name, false, request.kind(), request.target())
        .ifPresent(
            why -> {
              throw ApplicationFailure.newNonRetryableFailure(why, NOT_ALLOWED);
            });
  }

  private Policy inForce() {
    try {
      return file.current();
    } catch (PolicyException e) {
      throw ApplicationFailure.newNonRetryableFailure(e.getMessage(), NOT_ALLOWED);
    }
  }
}
