package dev.backout.worker;

import dev.backout.action.ActPolicy;
import dev.backout.action.ActionException;
import dev.backout.action.StepCall;
import dev.backout.action.WorkerLimits;
import dev.backout.policy.Policy;
import dev.backout.policy.PolicyException;
import dev.backout.policy.PolicyFile;
import java.util.Optional;

/** Holds every act to the policy in force. */
final class PolicyActs implements ActPolicy {
  private final PolicyFile file;

  PolicyActs(PolicyFile file) {
    this.file = file;
  }

  @Override
  public WorkerLimits limitsFor(Act act, WorkerLimits limits) throws ActionException {
    Policy policy = inForce();
    if (policy.isNone()) {
      return limits;
    }
    refuseIf(policy.refusesAct(act.action()));
    if (act.changes()) {
      refuseIf(refusesRun(policy, act));
    }
    return policy
        .directories()
        .map(bound -> limits.within(new WorkerLimits.Fence(bound, policy.placeOfActs())))
        .orElse(limits);
  }

  /** A run is judged once: by the first worker with a policy that it meets. */
  private static Optional<String> refusesRun(Policy policy, Act act) {
    StepCall.Admission admission = act.call().admission();
    if (admission == null) {
      return Optional.of(
          "`"
              + act.action()
              + "` may change something, and no policy was asked whether this run may begin. Start it"
              + " anew with `backout run`.");
    }
    return admission.policyHash().equals(Policy.NO_HASH)
        ? policy.refusesStart(admission.principal(), false, admission.kind(), admission.target())
        : Optional.empty();
  }

  private Policy inForce() throws ActionException {
    try {
      return file.current();
    } catch (PolicyException e) {
      throw notAllowed(e.getMessage());
    }
  }

  private static void refuseIf(Optional<String> refusal) throws ActionException {
    if (refusal.isPresent()) {
      throw notAllowed(refusal.get());
    }
  }

  private static ActionException notAllowed(String why) {
    return new ActionException(ActionException.Kind.NOT_ALLOWED, why);
  }
}
