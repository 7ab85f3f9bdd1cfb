package dev.backout.proof;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunStatus;
import dev.backout.signature.AllowedSigners;
import dev.backout.signature.SignatureVerifier;
import dev.backout.signature.Signer;
import dev.backout.signature.SshSignature;
import dev.backout.signature.UnacceptableSignature;
import dev.backout.workflow.Admission;
import dev.backout.workflow.AdmissionRequest;
import dev.backout.workflow.RunRequest;
import dev.backout.workflow.StartSignature;
import dev.backout.workflow.StartStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether whoever is recorded to have started a run signed that. */
final class StartCheck {
  private static final Duration FRESH = Duration.ofMinutes(10);

  private final RunRequest request;
  private final StartRecord record;
  private final Authority authority;
  private final String workflowId;
  private final String planDigest;
  private final @Nullable String namespace;
  private final Faults faults = new Faults();
  private @Nullable String key;

  /**
   * @param planDigest as the plan's content gives it
   * @param namespace that it must have been signed for; null if that isn't known
   */
  StartCheck(
      RunRequest request,
      StartRecord record,
      Authority authority,
      String workflowId,
      String planDigest,
      @Nullable String namespace) {
    this.request = request;
    this.record = record;
    this.authority = authority;
    this.workflowId = workflowId;
    this.planDigest = planDigest;
    this.namespace = namespace;
  }

  Finding finding() {
    StartSignature signature = request.signature();
    RunStatus.Admission admission = record.admission;
    boolean verified = admission != null && admission.verified();
    if (signature == null) {
      if (verified) {
        faults.altered("It counts as signed, and the run's input carries no signature.");
      } else {
        faults.add(Verdict.UNVERIFIED, "A bare name: the start is not signed.");
      }
    } else {
      signed(signature, verified);
    }
    recordsAgree();
    return new Finding(
        Finding.Subject.START,
        faults.verdict(),
        null,
        null,
        admission != null && admission.principal() != null
            ? admission.principal()
            : request.startedBy(),
        request.reason(),
        signature == null ? null : signature.at(),
        key,
        admission == null ? null : admission.policyHash(),
        null,
        null,
        faults.remarks());
  }

  private void signed(StartSignature signature, boolean verified) {
    SshSignature parsed;
    try {
      parsed = SshSignature.parse(signature.armored());
    } catch (UnacceptableSignature e) {
      faults.altered("The signature can't be read. " + e.getMessage());
      return;
    }
    key = parsed.fingerprint();
    Telling telling = telling(signature);
    Optional<? extends JsonNode> signed = telling.signed(parsed::covers);
    if (signed.isEmpty()) {
      telling.disagreements().forEach(faults::altered);
      faults.altered(
          "The signature does not fit what the history says was signed: one of the two was"
              + " altered.");
      return;
    }
    telling.alterations(signed.get()).forEach(faults::altered);
    Signer signer = signer(signed.get(), signature.armored());
    if (signer != null) {
      outcome(signer, verified);
    }
    stale(signature);
  }

  private Telling telling(StartSignature signature) {
    AdmissionRequest asked = record.asked;
    String known = namespace != null ? namespace : asked == null ? "default" : asked.namespace();
    Telling telling =
        new Telling()
            .tell(
                "the run's input",
                new StartStatement(
                    StartStatement.TYPE,
                    known,
                    workflowId,
                    planDigest,
                    request.plan().kind(),
                    request.plan().target(),
                    signature.id(),
                    request.startedBy(),
                    signature.at()))
            .tell("the plan, of itself,", "planDigest", request.plan().digest());
    if (asked != null && asked.signature() != null) {
      telling.tell(
          DecisionRecord.event(record.askedIn, "as it was judged"),
          StartStatement.of(asked, asked.signature()));
    }
    return telling;
  }

  private @Nullable Signer signer(JsonNode signed, String armoured) {
    AllowedSigners allowed = authority.signers();
    if (allowed == null) {
      faults.add(
          Verdict.UNPROVEN,
          "The signature fits its key, and nothing here says whose key that is: give"
              + " --allowed-signers FILE or --policy FILE.");
      return null;
    }
    Instant at = record.askedAt == null ? Instant.EPOCH : record.askedAt;
    try {
      return SignatureVerifier.identify(
          signed.path("by").asText(),
          Telling.bytes(signed),
          armoured,
          allowed,
          authority.revoked(),
          at);
    } catch (UnacceptableSignature e) {
      faults.add(
          Verdict.UNPROVEN, "By " + authority.source() + ", as of " + at + ": " + e.getMessage());
      return null;
    }
  }

  private void outcome(Signer signer, boolean verified) {
    RunStatus.Admission admission = record.admission;
    if (admission == null || !verified) {
      faults.note(
          admission == null
              ? "Its worker had no policy, and took it at its word; the signature holds."
              : "Its worker did not count the signature, which holds by "
                  + authority.source()
                  + ".");
      return;
    }
    String principal = admission.principal();
    if (principal == null || !signer.principals().contains(principal)) {
      boolean same = authority.is(admission.policyHash());
      faults.add(
          same ? Verdict.ALTERED : Verdict.UNPROVEN,
          "It counted as "
              + principal
              + "'s, and by "
              + authority.source()
              + " the key is "
              + String.join("'s, ", signer.principals())
              + "'s.");
    }
    if (!signer.fingerprint().equals(admission.key())) {
      faults.altered(
          "The fingerprint was altered: the signature is by "
              + signer.fingerprint()
              + ", and "
              + DecisionRecord.place(record.admittedIn)
              + " says "
              + admission.key()
              + ".");
    }
    if (!authority.is(admission.policyHash())) {
      faults.note(
          "The policy of then ("
              + admission.policyHash()
              + ") is not at hand: who signed is proven, and what it let them do is not judged"
              + " again.");
    }
  }

  private void stale(StartSignature signature) {
    Instant asked = record.askedAt;
    if (asked != null && Duration.between(signature.at(), asked).abs().compareTo(FRESH) > 0) {
      faults.add(
          Verdict.UNPROVEN,
          "It was signed at "
              + signature.at()
              + " and used at "
              + asked
              + ": a start has to be signed within 10 minutes.");
    }
  }

  /** What the worker answered, and what stands in the run's record. */
  private void recordsAgree() {
    Admission answer = record.answer;
    RunStatus.Admission admission = record.admission;
    if (answer == null || admission == null) {
      return;
    }
    boolean same =
        Objects.equals(answer.principal(), admission.principal())
            && answer.verified() == admission.verified()
            && Objects.equals(answer.key(), admission.key())
            && answer.policyHash().equals(admission.policyHash());
    if (!same) {
      faults.altered(
          "Who was let in was altered: "
              + DecisionRecord.event(record.askedIn, "the worker's answer")
              + " and "
              + DecisionRecord.event(record.admittedIn, "as it counted")
              + " differ.");
    }
  }
}
