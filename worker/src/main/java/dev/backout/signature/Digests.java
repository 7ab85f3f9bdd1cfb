package dev.backout.signature;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The hashes that OpenSSH uses, and its way to print one. */
final class Digests {
  private Digests() {}

  static byte[] sha1(byte[] bytes) {
    return digest("SHA-1", bytes);
  }

  static byte[] sha256(byte[] bytes) {
    return digest("SHA-256", bytes);
  }

  static byte[] sha512(byte[] bytes) {
    return digest("SHA-512", bytes);
  }

  static String fingerprint(byte[] keyBlob) {
    return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(sha256(keyBlob));
  }

  private static byte[] digest(String algorithm, byte[] bytes) {
    try {
      return MessageDigest.getInstance(algorithm).digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }
}
