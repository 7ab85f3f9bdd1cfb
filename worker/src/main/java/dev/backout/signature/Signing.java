package dev.backout.signature;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Signs with a person's own SSH key. */
public final class Signing {
  private Signing() {}

  /**
   * Signs through {@code ssh-keygen -Y sign}, so that agents, hardware keys and passphrases work;
   * its questions go to the terminal.
   *
   * @return the armoured signature
   */
  public static String sign(byte[] message, Path key) throws SigningFailed {
    return sign(message, new SigningKey.KeyFile(key, key.toString()));
  }

  /** As {@link #sign(byte[], Path)}, with a key that {@link #defaultKey} found. */
  public static String sign(byte[] message, SigningKey key) throws SigningFailed {
    throw new SigningFailed("Nothing can be signed yet with " + key.origin() + ".");
  }

  /**
   * The key to sign with: {@code explicit} if given, {@code BACKOUT_SSH_KEY}, git's, the agent's
   * first, or one in {@code ~/.ssh}.
   */
  public static SigningKey defaultKey(@Nullable Path explicit) throws SigningFailed {
    throw new SigningFailed("Nothing can be signed yet.");
  }
}
