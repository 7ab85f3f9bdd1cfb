package dev.backout.worker;

import dev.backout.policy.Policy;
import dev.backout.policy.PolicyException;
import dev.backout.policy.PolicyFile;
import dev.backout.workflow.Admission;
import dev.backout.workflow.AdmissionActivity;
import dev.backout.workflow.AdmissionRequest;
import dev.backout.workflow.Channel;
import io.temporal.failure.ApplicationFailure;
import java.time.Clock;
import java.util.List;

/** Lets runs begin, or not, as the policy in force says. Asked twice, it says the same. */
final class AdmissionDesk implements AdmissionActivity {
  private static final String NOT_ALLOWED = "NOT_ALLOWED";

  private final PolicyFile file;
  private final SqliteJournal journal;
  private final Clock clock;
  private final List<Channel> channels;

  /**
   * @param channels whom this worker tells of every run
   */
  AdmissionDesk(PolicyFile file, SqliteJournal journal, Clock clock, List<Channel> channels) {
    this.file = file;
    this.journal = journal;
    this.clock = clock;
    this.channels = channels;
  }

  @Override
  public Admission admit(AdmissionRequest request) {
    Policy policy = inForce();
    StartProof proof = StartProof.of(request, policy, journal, clock);
    policy
        .refusesStart(proof.principal(), proof.isVerified(), request.kind(), request.target())
        .ifPresent(
            why -> {
              throw notAllowed(proof.objection() == null ? why : why + " " + proof.objection());
            });
    return new Admission(
        proof.principal(),
        proof.isVerified(),
        proof.key(),
        request.kind(),
        request.target(),
        policy.hash(),
        channels);
  }

  private Policy inForce() {
    try {
      return file.current();
    } catch (PolicyException e) {
      throw notAllowed(e.getMessage());
    }
  }

  private static ApplicationFailure notAllowed(String why) {
    return ApplicationFailure.newNonRetryableFailure(why, NOT_ALLOWED);
  }
}
