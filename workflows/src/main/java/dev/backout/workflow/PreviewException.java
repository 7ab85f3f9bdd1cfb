package dev.backout.workflow;

/** A preview that won't come, or an answer in it that can't be read; the message says why. */
public final class PreviewException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PreviewException(String message) {
    super(message);
  }

  PreviewException(String message, Throwable cause) {
    super(message, cause);
  }
}
