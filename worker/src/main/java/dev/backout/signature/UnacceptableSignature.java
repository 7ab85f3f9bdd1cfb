package dev.backout.signature;

/**
 * A signature that proves nothing: damaged, wrong, or by a key that may not sign here. The message
 * is a sentence for people.
 */
public final class UnacceptableSignature extends Exception {
  private static final long serialVersionUID = 1L;

  public UnacceptableSignature(String message) {
    super(message);
  }
}
