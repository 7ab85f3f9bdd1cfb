package dev.backout.signature;

import java.nio.file.Path;

/**
 * Keys and certificates that count no longer: a plain list of public keys or fingerprints, or
 * OpenSSH's binary revocation list.
 */
public final class RevokedKeys {
  private final String source;
  private final Revocations revocations;

  private RevokedKeys(String source, Revocations revocations) {
    this.source = source;
    this.revocations = revocations;
  }

  /** Nothing is revoked. */
  public static RevokedKeys none() {
    return new RevokedKeys("nowhere", Revocations.empty());
  }

  /**
   * Reads a list of either form: {@code ssh-keygen -k}'s binary one, or lines of public keys and
   * {@code SHA256:…} fingerprints.
   *
   * @throws UnreadableKeys if any part is not understood: it could be the part that revokes
   */
  public static RevokedKeys read(Path file) throws UnreadableKeys {
    return parse(KeyFiles.bytes(file), file.toString());
  }

  /**
   * The same from the content of a file.
   *
   * @param source what the errors call it
   */
  public static RevokedKeys parse(byte[] bytes, String source) throws UnreadableKeys {
    return new RevokedKeys(
        source,
        BinaryRevocations.isOne(bytes)
            ? BinaryRevocations.parse(bytes, source)
            : PlainRevocations.parse(KeyFiles.text(bytes, source), source));
  }

  /** Refuses a key that is revoked, by itself, through its certificate, or with its authority. */
  void requireNot(SshKey key) throws Flaw {
    if (revocations.isRevoked(key)) {
      throw new Flaw("Its key " + key.fingerprint() + " is revoked by " + source + ".");
    }
    Certificate certificate = key.certificate();
    if (certificate == null) {
      return;
    }
    String name = "Its certificate '" + certificate.keyId() + "' ";
    if (revocations.isRevoked(certificate)) {
      throw new Flaw(name + "is revoked by " + source + ". Have a new one made.");
    }
    if (revocations.isRevoked(certificate.authority())) {
      throw new Flaw(name + "is by an authority that is revoked by " + source + ".");
    }
  }
}
