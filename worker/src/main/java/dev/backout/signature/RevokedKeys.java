package dev.backout.signature;

import java.nio.file.Path;

/**
 * Keys and certificates that count no longer: a plain list of public keys or fingerprints, or
 * OpenSSH's binary revocation list.
 */
public final class RevokedKeys {
  private RevokedKeys() {}

  /** Nothing is revoked. */
  public static RevokedKeys none() {
    return new RevokedKeys();
  }

  /** Reads a list of either form. A part that is not understood makes the whole list unreadable. */
  public static RevokedKeys read(Path file) throws UnreadableKeys {
    throw new UnreadableKeys(file + " can't be read yet.");
  }
}
