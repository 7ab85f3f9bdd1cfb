package dev.backout.worker;

import dev.backout.policy.Policy;
import dev.backout.signature.Signer;
import dev.backout.signature.UnacceptableSignature;
import dev.backout.workflow.AdmissionRequest;
import dev.backout.workflow.StartSignature;
import dev.backout.workflow.StartStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who starts a run, as far as it is proven.
 *
 * @param principal proven if {@code key} is there, else as they say; null if they say nothing
 * @param key the fingerprint of the key that proves it
 * @param objection why a signature proves nothing, as a sentence; null without one, or if it does
 */
record StartProof(@Nullable String principal, @Nullable String key, @Nullable String objection) {
  /** How old a signature may be when the run begins, and how far the clocks may differ. */
  private static final Duration FRESH = Duration.ofMinutes(10);

  boolean isVerified() {
    return key != null;
  }

  static StartProof of(
      AdmissionRequest request, Policy policy, SqliteJournal journal, Clock clock) {
    String name = request.startedBy().isBlank() ? null : request.startedBy();
    StartSignature signature = request.signature();
    if (signature == null || policy.signers().isEmpty()) {
      return new StartProof(name, null, null);
    }
    Duration age = Duration.between(signature.at(), clock.instant()).abs();
    if (age.compareTo(FRESH) > 0) {
      return new StartProof(
          name,
          null,
          "The signature is of "
              + signature.at()
              + ", by this worker's clock it is "
              + clock.instant().truncatedTo(ChronoUnit.SECONDS)
              + ", and a start has to be signed within 10 minutes.");
    }
    try {
      Signer signer =
          Identification.signer(
              policy,
              request.startedBy(),
              StartStatement.of(request, signature).bytes(),
              signature.armored(),
              clock.instant());
      String used = usedBy(signature, request, journal);
      return used == null
          ? new StartProof(signer.principal(), signer.fingerprint(), null)
          : new StartProof(name, null, "The signature has started run " + used + " already.");
    } catch (UnacceptableSignature e) {
      return new StartProof(name, null, String.valueOf(e.getMessage()));
    } catch (SQLException e) {
      return new StartProof(
          name,
          null,
          "The worker's journal can't say whether the signature was used: " + e.getMessage());
    }
  }

  /** Another run that was started by it; null if there is none. */
  private static @Nullable String usedBy(
      StartSignature signature, AdmissionRequest request, SqliteJournal journal)
      throws SQLException {
    String first = journal.firstRunOf(signature.id(), request.runId());
    return first.equals(request.runId()) ? null : first;
  }
}
