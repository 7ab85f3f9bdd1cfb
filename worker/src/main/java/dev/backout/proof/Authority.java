package dev.backout.proof;

import dev.backout.policy.Policy;
import dev.backout.signature.AllowedSigners;
import dev.backout.signature.RevokedKeys;
import org.jspecify.annotations.Nullable;

/**
 * By whose word signatures are judged again.
 *
 * @param signers null where nobody says whose key is whose
 * @param policy null for mere keys: then nobody's rights are judged again
 * @param source where the keys are from, for people
 */
public record Authority(
    @Nullable AllowedSigners signers, RevokedKeys revoked, @Nullable Policy policy, String source) {

  public static Authority of(Policy policy, String source) {
    return new Authority(
        policy.signers().orElse(null),
        policy.revoked(),
        policy.isNone() ? null : policy,
        policy.isNone() ? "" : source);
  }

  public static Authority ofKeys(AllowedSigners signers, RevokedKeys revoked, String source) {
    return new Authority(signers, revoked, null, source);
  }

  /** Whether this is the policy that was in force then. */
  boolean is(@Nullable String hash) {
    return policy != null && policy.hash().equals(hash);
  }
}
