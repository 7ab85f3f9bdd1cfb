package dev.backout.signature;

/**
 * Nothing could be signed: no key, or the signing program refused. The message says what to type;
 * it never holds key material.
 */
public final class SigningFailed extends Exception {
  private static final long serialVersionUID = 1L;

  public SigningFailed(String message) {
    super(message);
  }
}
