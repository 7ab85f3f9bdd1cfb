package dev.backout.proof;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.Proof;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.signature.AllowedSigners;
import dev.backout.signature.SignatureVerifier;
import dev.backout.signature.Signer;
import dev.backout.signature.SshSignature;
import dev.backout.signature.UnacceptableSignature;
import dev.backout.worker.DecisionDesk;
import dev.backout.workflow.Decision;
import dev.backout.workflow.DecisionStatement;
import dev.backout.workflow.JudgeRequest;
import dev.backout.workflow.Judgement;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether a decision that counted is what its signer signed, and was judged as it should be. */
final class DecisionCheck {
  private final DecisionRecord record;
  private final Authority authority;
  private final @Nullable String namespace;
  private final String planDigestStated;
  private final Faults faults = new Faults();
  private @Nullable String key;

  /**
   * @param planDigestStated what the plan itself says
   * @param namespace that it must have been signed for; null if that isn't known
   */
  DecisionCheck(
      DecisionRecord record,
      Authority authority,
      String planDigestStated,
      @Nullable String namespace) {
    this.record = record;
    this.authority = authority;
    this.planDigestStated = planDigestStated;
    this.namespace = namespace;
  }

  /** Empty for what counted for nothing. */
  Optional<Finding> finding() {
    if (!record.hasCounted()) {
      return lost();
    }
    JudgeRequest asked = record.asked;
    if (asked == null) {
      unjudged();
    } else if (signature() == null) {
      bareName(asked);
    } else {
      signed(asked, Objects.requireNonNull(signature()));
    }
    return Optional.of(told());
  }

  /** Sent or judged, the workflow has had its turn, and nothing says what came of it. */
  private Optional<Finding> lost() {
    Judgement judged = record.judged;
    boolean counted = judged != null && judged.refusal() == null;
    boolean unheard = record.asked == null && record.sent != null;
    if (record.refused || record.notJudged || !record.passed || !(counted || unheard)) {
      return Optional.empty();
    }
    faults.altered(
        counted
            ? DecisionRecord.event(record.judgedIn, "the judgement")
                + " lets it count, and nothing says that it did: its record was removed."
            : DecisionRecord.event(record.sentIn, "as it was sent")
                + " was never judged nor refused: what became of it was removed.");
    return Optional.of(told());
  }

  private void unjudged() {
    if (record.channel.equals(DecisionRecords.BY_CALLER)) {
      faults.add(
          Verdict.UNCHECKED,
          "It was judged in the run that called this one; its proof is in that one's history.");
    } else if (isVerified()) {
      faults.altered(
          "It counted as verified, and nothing in the history shows that a signature was judged.");
    } else {
      faults.add(Verdict.UNVERIFIED, "A bare name, which nobody has judged.");
    }
    if (record.sent == null) {
      faults.altered("Nobody has sent it: no event before it holds it.");
    }
  }

  private void bareName(JudgeRequest asked) {
    Judgement judged = record.judged;
    if (isVerified() || (judged != null && judged.verified())) {
      faults.altered("It counted as verified, and carries no signature.");
    }
    telling(asked).disagreements().forEach(faults::altered);
    faults.add(Verdict.UNVERIFIED, "A bare name: nothing proves who it was.");
    judgement(null);
  }

  private void signed(JudgeRequest asked, String armoured) {
    SshSignature signature;
    try {
      signature = SshSignature.parse(armoured);
    } catch (UnacceptableSignature e) {
      faults.altered("The signature can't be read. " + e.getMessage());
      return;
    }
    key = signature.fingerprint();
    signaturesAgree(asked);
    Telling telling = telling(asked);
    Optional<? extends JsonNode> signed = telling.signed(signature::covers);
    if (signed.isEmpty()) {
      unfitting(telling);
      return;
    }
    telling.alterations(signed.get()).forEach(faults::altered);
    Signer signer = signer(signed.get(), armoured);
    outcome(signer, signature);
    judgement(signer);
  }

  private void signaturesAgree(JudgeRequest asked) {
    Decision sent = record.sent;
    if (sent != null && !Objects.equals(sent.signature(), asked.signature())) {
      faults.altered(
          "The signature was altered: "
              + DecisionRecord.event(record.sentIn, "as it was sent")
              + " has another one than "
              + DecisionRecord.event(record.askedIn, "as it was judged")
              + ".");
    }
  }

  private void unfitting(Telling telling) {
    List<String> disagreements = telling.disagreements();
    disagreements.forEach(faults::altered);
    faults.altered(
        disagreements.isEmpty()
            ? "The signature does not fit what the history says was signed: one of the two was"
                + " altered, and as all places of the history agree, it can't be told which field."
            : "The signature fits none of these.");
  }

  private Telling telling(JudgeRequest asked) {
    Telling telling = new Telling();
    DecisionStatement rebuilt = record.rebuilt;
    if (rebuilt == null) {
      faults.altered("Nobody has sent it: no event before its judgement holds it.");
    } else {
      telling.tell("the history up to event " + record.askedIn, rebuilt);
    }
    telling.tell(DecisionRecord.event(record.askedIn, "as it was judged"), asked.statement());
    telling.tell("the plan, of itself,", "planDigest", planDigestStated);
    // A field that only one place leaves out.
    for (String optional : List.of("reason", "details")) {
      if (rebuilt != null) {
        presence(telling, optional, rebuilt, "the history up to event " + record.askedIn);
      }
      presence(
          telling,
          optional,
          asked.statement(),
          DecisionRecord.event(record.askedIn, "as it was judged"));
    }
    countedAs(telling);
    if (namespace != null) {
      telling.tell("the run asked for", "namespace", namespace);
    }
    return telling;
  }

  private static void presence(
      Telling telling, String field, DecisionStatement statement, String place) {
    Object value = field.equals("reason") ? statement.reason() : statement.details();
    if (value == null) {
      telling.tell(place, field, null);
    }
  }

  /** Not by whom: it counts for whoever the key proves it to be, whatever name they gave. */
  private void countedAs(Telling telling) {
    String place = DecisionRecord.event(record.countedIn, "as it counted");
    RunEvent.Decided counted = record.counted;
    RunEvent.Withdrawn withdrawn = record.withdrawn;
    if (counted != null) {
      TakenDecision taken = counted.decision();
      telling
          .tell(place, "id", counted.id())
          .tell(place, "step", taken.step())
          .tell(place, "choice", taken.choice())
          .tell(place, "reason", taken.reason())
          .tell(place, "at", taken.at());
    } else if (withdrawn != null) {
      telling
          .tell(place, "id", withdrawn.id())
          .tell(place, "step", withdrawn.step())
          .tell(place, "reason", withdrawn.reason());
    }
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
    try {
      return SignatureVerifier.identify(
          signed.path("by").asText(),
          Telling.bytes(signed),
          armoured,
          allowed,
          authority.revoked(),
          Objects.requireNonNull(record.judgedAt));
    } catch (UnacceptableSignature e) {
      faults.add(
          Verdict.UNPROVEN,
          "By " + authority.source() + ", as of " + record.judgedAt + ": " + e.getMessage());
      return null;
    }
  }

  /** What was recorded as the result, against what the signature says. */
  private void outcome(@Nullable Signer signer, SshSignature signature) {
    Judgement judged = record.judged;
    if (judged == null || judged.refusal() != null) {
      faults.altered(
          judged == null
              ? "It counted before it was judged."
              : "It counted although it was refused: " + judged.refusal());
      return;
    }
    if (!judged.principal().equals(by())) {
      faults.altered(
          "The name was altered: "
              + DecisionRecord.event(record.judgedIn, "the judgement")
              + " says "
              + judged.principal()
              + ", and "
              + DecisionRecord.event(record.countedIn, "as it counted")
              + " says "
              + by()
              + ".");
    } else if (signer != null && !signer.principals().contains(by())) {
      boolean same = authority.is(policy());
      faults.add(
          same ? Verdict.ALTERED : Verdict.UNPROVEN,
          "It counted as "
              + by()
              + "'s, and by "
              + authority.source()
              + " the key is "
              + String.join("'s, ", signer.principals())
              + "'s"
              + (same ? ": the name was altered." : "."));
    }
    Proof proof = judged.proof();
    if (proof != null
        && proof.fingerprint() != null
        && !proof.fingerprint().equals(signature.fingerprint())) {
      faults.altered(
          "The fingerprint was altered: the signature is by "
              + signature.fingerprint()
              + ", and the judgement says "
              + proof.fingerprint()
              + ".");
    }
  }

  /** What the judgement says, and what counted; and, by the same policy, what it should say. */
  private void judgement(@Nullable Signer signer) {
    Judgement judged = record.judged;
    RunEvent.Decided counted = record.counted;
    if (judged != null
        && counted != null
        && (judged.verified() != counted.decision().verified()
            || !Objects.equals(judged.proof(), counted.decision().proof()))) {
      faults.altered(
          "What was found about the signer was altered: "
              + DecisionRecord.event(record.judgedIn, "the judgement")
              + " and "
              + DecisionRecord.event(record.countedIn, "as it counted")
              + " differ.");
    }
    JudgeRequest again = record.askedAgain;
    if (judged == null || again == null || faults.isAltered()) {
      return;
    }
    if (authority.is(policy()) && authority.policy() != null) {
      Judgement now =
          DecisionDesk.judge(again, authority.policy(), Objects.requireNonNull(record.judgedAt));
      if (!now.equals(judged)) {
        faults.altered(
            "The policy of then, asked again, says otherwise"
                + (now.refusal() == null ? " of the signer's groups or its quorum." : ": ")
                + (now.refusal() == null ? "" : now.refusal()));
      }
    } else if (signer != null && !judged.verified()) {
      faults.note("Its worker had no policy, and took it at its word; the signature holds.");
    } else if (signer != null && policy() != null) {
      faults.note(
          "The policy of then ("
              + policy()
              + ") is not at hand: who signed is proven, and what it let them do is not judged again.");
    }
  }

  private Finding told() {
    RunEvent.Decided counted = record.counted;
    RunEvent.Withdrawn withdrawn = record.withdrawn;
    Decision sent = record.sent;
    TakenDecision taken = counted == null ? null : counted.decision();
    String step =
        taken != null
            ? taken.step()
            : withdrawn != null ? withdrawn.step() : sent == null ? null : sent.step();
    String choice =
        taken != null ? taken.choice() : withdrawn != null ? "withdraw" : choiceOf(sent);
    String reason =
        taken != null
            ? taken.reason()
            : withdrawn != null ? withdrawn.reason() : sent == null ? null : sent.reason();
    Instant at = taken != null ? taken.at() : sent == null ? null : sent.at();
    return new Finding(
        Finding.Subject.DECISION,
        faults.verdict(),
        step,
        choice,
        by(),
        reason,
        at,
        key,
        policy(),
        record.channel.isEmpty() ? null : record.channel,
        taken == null ? null : taken.sentBy(),
        faults.remarks());
  }

  private static @Nullable String choiceOf(@Nullable Decision sent) {
    return sent == null ? null : sent.choice();
  }

  private @Nullable String by() {
    RunEvent.Decided counted = record.counted;
    RunEvent.Withdrawn withdrawn = record.withdrawn;
    Decision sent = record.sent;
    return counted != null
        ? counted.decision().by()
        : withdrawn != null ? withdrawn.by() : sent == null ? null : sent.by();
  }

  private boolean isVerified() {
    RunEvent.Decided counted = record.counted;
    return counted != null && counted.decision().verified();
  }

  private @Nullable String policy() {
    Judgement judged = record.judged;
    Proof proof = judged == null ? null : judged.proof();
    return proof == null ? null : proof.policy();
  }

  private @Nullable String signature() {
    JudgeRequest asked = record.asked;
    String judged = asked == null ? null : asked.signature();
    Decision sent = record.sent;
    return judged != null ? judged : sent == null ? null : sent.signature();
  }
}
