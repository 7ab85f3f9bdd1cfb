package dev.backout.client;

/** No run is meant by what was given, or more than one; the message says which there are. */
public final class UnknownRunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UnknownRunException(String message) {
    super(message);
  }
}
