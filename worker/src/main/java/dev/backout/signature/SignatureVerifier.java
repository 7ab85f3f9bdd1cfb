package dev.backout.signature;

import java.time.Instant;

/** Checks signatures as {@code ssh-keygen -Y verify -n backout} does, or more strictly. */
public final class SignatureVerifier {
  /**
   * The namespace that Backout signs in: a signature for git or for a file is none for a decision.
   */
  public static final String NAMESPACE = "backout";

  private SignatureVerifier() {}

  /**
   * Whose signature this is, out of the principals that are written out in {@code allowed}.
   *
   * @param message the bytes that were signed
   * @param armoured {@code -----BEGIN SSH SIGNATURE-----} and so on
   * @param at the moment at which keys and certificates must be valid
   */
  public static Signer verify(
      byte[] message, String armoured, AllowedSigners allowed, RevokedKeys revoked, Instant at)
      throws UnacceptableSignature {
    throw new UnacceptableSignature("Signatures can't be checked yet.");
  }

  /**
   * Whether {@code principal} made this signature; the principal may be covered by a pattern.
   * Otherwise as {@link #verify}.
   */
  public static Signer verifyFor(
      String principal,
      byte[] message,
      String armoured,
      AllowedSigners allowed,
      RevokedKeys revoked,
      Instant at)
      throws UnacceptableSignature {
    throw new UnacceptableSignature("Signatures can't be checked yet.");
  }
}
