package dev.backout.history;

/** How runs end that do not end by themselves, in a sentence each. */
public final class Endings {
  public static final String CANCELLED = "Cancelled by a Temporal client.";
  public static final String INTERRUPTED = "Its server is gone, and the record ends in the middle.";
  static final String TIMED_OUT = "Ended by Temporal: it took longer than its workflow timeout.";

  private Endings() {}

  static String terminated(String by, String reason) {
    return "Terminated by "
        + (by.isEmpty() ? "a Temporal client" : by)
        + (reason.isEmpty() ? "." : ": " + reason);
  }

  static String broken(String message) {
    return "Backout itself failed: " + message;
  }
}
