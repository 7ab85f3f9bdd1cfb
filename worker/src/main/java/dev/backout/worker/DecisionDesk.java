package dev.backout.worker;

import dev.backout.history.Choices;
import dev.backout.history.RunStatus.Proof;
import dev.backout.policy.Policy;
import dev.backout.policy.PolicyException;
import dev.backout.policy.PolicyFile;
import dev.backout.signature.Signer;
import dev.backout.signature.UnacceptableSignature;
import dev.backout.workflow.JudgeActivity;
import dev.backout.workflow.JudgeRequest;
import dev.backout.workflow.Judgement;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says who decides and whether they may, by the policy in force at that moment. Only reads, and
 * believes nothing that isn't signed where the policy wants signatures.
 */
public final class DecisionDesk implements JudgeActivity {
  /** What concerns only those whom a checkpoint asks. */
  private static final Set<String> OF_APPROVERS =
      Set.of(Choices.APPROVE, Choices.REJECT, Choices.WITHDRAW);

  private final PolicyFile file;
  private final Clock clock;

  DecisionDesk(PolicyFile file, Clock clock) {
    this.file = file;
    this.clock = clock;
  }

  @Override
  public Judgement judge(JudgeRequest request) {
    try {
      return judge(request, file.current(), clock.instant());
    } catch (PolicyException e) {
      return Judgement.refused(String.valueOf(e.getMessage()));
    }
  }

  /**
   * What a policy says of a decision, whenever it is asked.
   *
   * @param now when keys and certificates must be valid
   */
  public static Judgement judge(JudgeRequest request, Policy policy, Instant now) {
    String name = request.statement().by();
    if (policy.isNone()) {
      return Judgement.unverified(name);
    }
    String armoured = request.signature();
    try {
      Signer signer =
          armoured == null
              ? null
              : Identification.signer(policy, name, request.statement().bytes(), armoured, now);
      String principal = signer == null ? name : signer.principal();
      return refusal(request, policy, principal, signer != null)
          .map(Judgement::refused)
          .orElseGet(
              () ->
                  new Judgement(
                      null, principal, signer != null, proof(policy, request, signer, principal)));
    } catch (UnacceptableSignature e) {
      return Judgement.refused(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<String> refusal(
      JudgeRequest request, Policy policy, String principal, boolean verified) {
    if (!verified && policy.requiresVerified()) {
      return Optional.of(
          "This worker's policy counts only decisions that are signed, and this one is a bare name."
              + " Sign it with your SSH key: the same command with --key FILE, or with an agent that"
              + " has the key.");
    }
    return policy
        .refusesChoice(principal, verified, ruled(request), request.kind(), request.target())
        .or(() -> notAsked(request, policy, principal))
        .or(() -> ownRun(request, policy, principal));
  }

  /**
   * The policy's word: taking an approval back needs no other right than giving it, and whoever may
   * stop a run may also hold it.
   */
  private static String ruled(JudgeRequest request) {
    return switch (request.statement().choice()) {
      case Choices.WITHDRAW -> Choices.APPROVE;
      case Choices.DONE -> "settle";
      case Choices.PAUSE, Choices.CONTINUE -> Choices.STOP;
      default -> request.statement().choice();
    };
  }

  private static Optional<String> notAsked(JudgeRequest request, Policy policy, String principal) {
    List<String> approvers = request.approvers();
    if (approvers.isEmpty() || !OF_APPROVERS.contains(request.statement().choice())) {
      return Optional.empty();
    }
    Set<String> groups = policy.groupsOf(principal);
    boolean isAsked =
        approvers.stream()
            .anyMatch(
                each ->
                    each.equals("user:" + principal)
                        || (each.startsWith("group:")
                            && groups.contains(each.substring("group:".length()))));
    return isAsked
        ? Optional.empty()
        : Optional.of(
            "`"
                + request.statement().step()
                + "` asks "
                + String.join(", ", approvers)
                + ", and "
                + principal
                + " is "
                + (groups.isEmpty()
                    ? "in no group of the worker's policy."
                    : "in " + String.join(", ", groups) + "."));
  }

  private static Optional<String> ownRun(JudgeRequest request, Policy policy, String principal) {
    boolean isOwn =
        request.statement().choice().equals(Choices.APPROVE)
            && request.starters().stream().anyMatch(each -> isSame(each, principal));
    return isOwn && !policy.selfApproval(request.selfApproval())
        ? Optional.of(
            principal
                + " has started this run, and nobody approves their own. Somebody else has to.")
        : Optional.empty();
  }

  private static boolean isSame(String one, String other) {
    return one.strip().toLowerCase(Locale.ROOT).equals(other.strip().toLowerCase(Locale.ROOT));
  }

  private static Proof proof(
      Policy policy, JudgeRequest request, @Nullable Signer signer, String principal) {
    return new Proof(
        policy.hash(),
        List.copyOf(policy.groupsOf(principal)),
        policy.minimumQuorum(request.kind()),
        signer == null ? null : signer.fingerprint(),
        signer == null ? null : signer.keyType(),
        signer == null ? null : signer.certificateId());
  }
}
