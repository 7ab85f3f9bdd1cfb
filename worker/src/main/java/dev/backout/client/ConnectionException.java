package dev.backout.client;

/** The server can't be reached or doesn't answer; the message says which, why, and what to do. */
public final class ConnectionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ConnectionException(String message) {
    super(message);
  }

  public ConnectionException(String message, Throwable cause) {
    super(message, cause);
  }
}
