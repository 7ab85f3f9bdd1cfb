package dev.backout.signature;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a list revokes; filled while it is read. */
final class Revocations {
  private final Set<ByteBuffer> keys = new HashSet<>();
  private final Set<ByteBuffer> sha1 = new HashSet<>();
  private final Set<ByteBuffer> sha256 = new HashSet<>();
  private final List<RevokedCertificates> certificates = new ArrayList<>();

  static Revocations empty() {
    return new Revocations();
  }

  void addKey(byte[] blob) {
    keys.add(ByteBuffer.wrap(blob));
  }

  void addSha1(byte[] hash) {
    sha1.add(ByteBuffer.wrap(hash));
  }

  void addSha256(byte[] hash) {
    sha256.add(ByteBuffer.wrap(hash));
  }

  void addCertificates(RevokedCertificates some) {
    certificates.add(some);
  }

  boolean isRevoked(SshKey key) {
    byte[] blob = key.blob();
    return keys.contains(ByteBuffer.wrap(blob))
        || sha1.contains(ByteBuffer.wrap(Digests.sha1(blob)))
        || sha256.contains(ByteBuffer.wrap(Digests.sha256(blob)));
  }

  boolean isRevoked(Certificate certificate) {
    return certificates.stream().anyMatch(some -> some.include(certificate));
  }
}
