package dev.backout.signature;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;

/**
 * One line of {@code allowed_signers}.
 *
 * @param place file and line
 */
record AllowedSigner(String place, PatternList principals, SignerOptions options, SshKey key) {

  /**
   * Reads a line: names, perhaps options, key type, key, and a comment that is skipped.
   *
   * @param line neither blank nor a comment
   * @throws Flaw without the place
   */
  static AllowedSigner parse(String line, String place, ZoneId local) throws Flaw {
    LineParts parts = LineParts.of(line);
    if (parts.principals().isEmpty()) {
      throw new Flaw("expected names before the key, found none");
    }
    SignerOptions options =
        parts.options().isEmpty()
            ? SignerOptions.NONE
            : SignerOptions.parse(parts.options(), local);
    return new AllowedSigner(place, PatternList.parse(parts.principals()), options, key(parts));
  }

  private static SshKey key(LineParts parts) throws Flaw {
    KeyType type = KeyType.of(parts.keyType());
    if (parts.keyType().equals(type.certificateName)) {
      throw new Flaw(
          "expected a plain key, found a certificate. Write its authority's key with cert-authority, or the key itself");
    }
    SshKey key = SshKey.parse(decode(parts.key()));
    if (key.type() != type) {
      throw new Flaw("expected a key of type " + type.name + ", found a " + key.type().name);
    }
    return key;
  }

  static byte[] decode(String base64) throws Flaw {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new Flaw("expected the key as base64");
    }
  }

  /** Whether it speaks of this key: as the key itself, or as the authority of its certificate. */
  boolean concerns(SshKey signing) {
    Certificate certificate = signing.certificate();
    return options.isAuthority()
        ? certificate != null && certificate.authority().isSameKey(key)
        : certificate == null && signing.isSameKey(key);
  }

  /** Why a key that it {@linkplain #concerns} may not sign here for this name, if it may not. */
  Optional<String> objection(String principal, SshKey signing, String namespace, Instant at) {
    Certificate certificate = signing.certificate();
    if (!principals.matches(principal)) {
      return Optional.of(place + " does not give this key the name '" + principal + "'.");
    }
    if (certificate != null) {
      Optional<String> objection = CertificateRules.objection(certificate, principal, at);
      if (objection.isPresent()) {
        return objection;
      }
    }
    if (options.namespaces() != null && !options.namespaces().matches(namespace)) {
      return Optional.of(
          place
              + " lets the key sign in namespaces "
              + options.namespaces()
              + " only; '"
              + namespace
              + "' is needed.");
    }
    return untimely(at.truncatedTo(ChronoUnit.SECONDS));
  }

  private Optional<String> untimely(Instant at) {
    if (options.validAfter() != null && at.isBefore(options.validAfter())) {
      return Optional.of(
          place + " lets the key sign from " + options.validAfter() + " on; it is " + at + ".");
    }
    if (options.validBefore() != null && at.isAfter(options.validBefore())) {
      return Optional.of(
          place + " lets the key sign until " + options.validBefore() + "; it is " + at + ".");
    }
    return Optional.empty();
  }
}
