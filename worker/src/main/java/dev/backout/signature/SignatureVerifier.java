package dev.backout.signature;

import java.time.Instant;
import java.util.List;

/**
 * Checks signatures as {@code ssh-keygen -Y verify -n backout} does. Stricter than it in this: RSA
 * keys have at least 2,048 bits, a hardware key must have been touched (unless its certificate says
 * that it need not be), critical options of a certificate must be understood, a certificate's
 * authority must not have signed with SHA-1, and a file with a line that can't be read is no
 * authority.
 */
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
    SshSignature signature = SshSignature.parse(armoured);
    try {
      requireGenuine(signature, message, revoked);
      return signer(signature.key(), allowed.namesOf(signature.key(), NAMESPACE, at));
    } catch (Flaw e) {
      throw unacceptable(e);
    }
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
    if (principal.isBlank()) {
      throw new UnacceptableSignature("Expected the name of a signer, found none.");
    }
    SshSignature signature = SshSignature.parse(armoured);
    try {
      requireGenuine(signature, message, revoked);
      allowed.require(principal, signature.key(), NAMESPACE, at);
      return signer(signature.key(), List.of(principal));
    } catch (Flaw e) {
      throw unacceptable(e);
    }
  }

  /**
   * Whose signature this is, where {@code name} is who its sender says they are: a login is seldom
   * the name that the key goes by, and then whose key it is counts.
   */
  public static Signer identify(
      String name,
      byte[] message,
      String armoured,
      AllowedSigners allowed,
      RevokedKeys revoked,
      Instant at)
      throws UnacceptableSignature {
    try {
      return verifyFor(name, message, armoured, allowed, revoked, at);
    } catch (UnacceptableSignature e) {
      return verify(message, armoured, allowed, revoked, at);
    }
  }

  /** Everything that does not depend on who is allowed. */
  private static void requireGenuine(SshSignature signature, byte[] message, RevokedKeys revoked)
      throws Flaw {
    if (!signature.namespace().equals(NAMESPACE)) {
      throw new Flaw(
          "It was made for '"
              + signature.namespace()
              + "'; expected the namespace '"
              + NAMESPACE
              + "' (ssh-keygen -Y sign -n "
              + NAMESPACE
              + ").");
    }
    Certificate certificate = signature.key().certificate();
    signature.check(
        message,
        certificate == null ? SignatureCheck.Touch.REQUIRED : CertificateRules.touch(certificate));
    revoked.requireNot(signature.key());
  }

  private static Signer signer(SshKey key, List<String> principals) {
    Certificate certificate = key.certificate();
    return new Signer(
        principals.get(0),
        principals,
        key.fingerprint(),
        key.type().name,
        certificate == null ? null : certificate.keyId(),
        certificate == null ? null : certificate.authority().fingerprint());
  }

  private static UnacceptableSignature unacceptable(Flaw flaw) {
    return new UnacceptableSignature("The signature can't be accepted. " + flaw.getMessage());
  }
}
