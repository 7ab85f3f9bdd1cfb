package dev.backout.demo;

/** The demo can't go on; the message says what was expected, what was found and what to do. */
final class DemoException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DemoException(String message) {
    super(message);
  }
}
