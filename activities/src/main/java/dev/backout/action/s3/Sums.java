package dev.backout.action.s3;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;

/** Hashes as the storage writes them. */
final class Sums {
  private Sums() {}

  static String base64(MessageDigest digest) {
    return Base64.getEncoder().encodeToString(digest.digest());
  }

  static String base64(String hexadecimal) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hexadecimal));
  }
}
