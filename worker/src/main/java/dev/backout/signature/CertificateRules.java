package dev.backout.signature;

import java.time.Instant;
import java.util.Optional;

/** What must be true of a certificate, beside being its authority's. */
final class CertificateRules {
  private static final String WITH_PIN = "verify-required";
  private static final String WITHOUT_TOUCH = "no-touch-required";

  private CertificateRules() {}

  /** Why nobody could sign with it as this principal at this moment, if nobody could. */
  static Optional<String> objection(Certificate certificate, String principal, Instant at) {
    String name = "The certificate '" + certificate.keyId() + "' ";
    if (!certificate.isForUser()) {
      return Optional.of(name + "is a host's; expected a user's. Have one made without -h.");
    }
    if (at.getEpochSecond() < 0
        || Long.compareUnsigned(at.getEpochSecond(), certificate.validAfter()) < 0) {
      return Optional.of(name + "is valid only from " + time(certificate.validAfter()) + " on.");
    }
    if (Long.compareUnsigned(at.getEpochSecond(), certificate.validBefore()) >= 0) {
      return Optional.of(
          name + "expired at " + time(certificate.validBefore()) + ". Have a new one made.");
    }
    if (certificate.principals().isEmpty()) {
      return Optional.of(name + "names no principal. Have one made with -n NAME.");
    }
    if (!certificate.principals().contains(principal)) {
      return Optional.of(
          name
              + "is for "
              + String.join(", ", certificate.principals())
              + ", not for '"
              + principal
              + "'.");
    }
    return Optional.empty();
  }

  /**
   * What a hardware key's owner must have done.
   *
   * @throws Flaw if the certificate wants something that is not understood: force-command and
   *     source-address limit a login, and a key so limited was not given for decisions
   */
  static SignatureCheck.Touch touch(Certificate certificate) throws Flaw {
    for (String option : certificate.criticalOptions().keySet()) {
      if (!option.equals(WITH_PIN)) {
        throw new Flaw(
            "Its certificate has the critical option '"
                + option
                + "', which can't be kept for a decision. Have a certificate made without it.");
      }
    }
    if (certificate.criticalOptions().containsKey(WITH_PIN)) {
      return SignatureCheck.Touch.REQUIRED_WITH_PIN;
    }
    return certificate.extensions().containsKey(WITHOUT_TOUCH)
        ? SignatureCheck.Touch.NOT_REQUIRED
        : SignatureCheck.Touch.REQUIRED;
  }

  private static String time(long seconds) {
    long latest = Instant.MAX.getEpochSecond();
    return Long.compareUnsigned(seconds, latest) > 0
        ? "the end of time"
        : Instant.ofEpochSecond(seconds).toString();
  }
}
