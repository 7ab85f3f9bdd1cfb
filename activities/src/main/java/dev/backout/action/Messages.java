package dev.backout.action;

/** What is said to people, in a length that a history can hold: beginning and end. */
final class Messages {
  private static final int BEGINNING = 5_000;
  private static final int END = 2_000;

  private Messages() {}

  static String bounded(String message) {
    if (message.length() <= BEGINNING + END) {
      return message;
    }
    int from = message.length() - END;
    int end = Character.isLowSurrogate(message.charAt(from)) ? from + 1 : from;
    return Excerpt.head(message, BEGINNING)
        + "… [cut: "
        + message.length()
        + " characters in all] …"
        + message.substring(end);
  }
}
