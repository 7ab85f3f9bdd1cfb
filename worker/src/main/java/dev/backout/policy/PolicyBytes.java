package dev.backout.policy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The content of a policy's files as it was read once; null for a file that there isn't. */
record PolicyBytes(byte[] policy, byte @Nullable [] allowedSigners, byte @Nullable [] revokedKeys) {

  /**
   * {@code sha256:…} over all of it; each part goes in with its length, so that none can pose as
   * another.
   */
  String hash() {
    MessageDigest digest = sha256();
    add(digest, policy);
    add(digest, allowedSigners);
    add(digest, revokedKeys);
    return "sha256:" + HexFormat.of().formatHex(digest.digest());
  }

  private static void add(MessageDigest digest, byte @Nullable [] part) {
    long length = part == null ? -1 : part.length;
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(length).array());
    if (part != null) {
      digest.update(part);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
