package dev.backout.signature;

/**
 * A file of keys ({@code allowed_signers}, revoked keys) that can't be read as a whole. It is then
 * not used at all: a line that is skipped could be the one that takes a key away. The message names
 * file and line.
 */
public final class UnreadableKeys extends Exception {
  private static final long serialVersionUID = 1L;

  public UnreadableKeys(String message) {
    super(message);
  }
}
