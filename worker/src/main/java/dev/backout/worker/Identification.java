package dev.backout.worker;

import dev.backout.policy.Policy;
import dev.backout.signature.AllowedSigners;
import dev.backout.signature.SignatureVerifier;
import dev.backout.signature.Signer;
import dev.backout.signature.UnacceptableSignature;
import java.time.Instant;

/** Who has signed something, by the keys of the policy in force. */
final class Identification {
  private Identification() {}

  /**
   * @param name who the signer says they are
   * @param now when keys and certificates must be valid
   */
  static Signer signer(Policy policy, String name, byte[] message, String armoured, Instant now)
      throws UnacceptableSignature {
    AllowedSigners allowed =
        policy
            .signers()
            .orElseThrow(
                () ->
                    new UnacceptableSignature(
                        "The worker's policy names no allowed signers, so it knows nobody's key. Its"
                            + " operator has to add them."));
    return SignatureVerifier.identify(name, message, armoured, allowed, policy.revoked(), now);
  }
}
