package dev.backout.signature;

/**
 * What is wrong with some bytes, as a sentence that its catcher puts behind the name of the thing.
 */
final class Flaw extends Exception {
  private static final long serialVersionUID = 1L;

  Flaw(String message) {
    super(message);
  }
}
