package dev.backout.runbook;

/** Pieces of a runbook as they may stand in a message: short, on one line, nothing invisible. */
final class Shown {
  private static final int LONGEST = 60;

  private Shown() {}

  static String word(String text) {
    return text(text).replace('`', '\'');
  }

  static String text(String text) {
    StringBuilder shown = new StringBuilder();
    text.codePoints().limit(LONGEST + 1L).forEach(c -> shown.appendCodePoint(visible(c)));
    int length = shown.codePointCount(0, shown.length());
    return length <= LONGEST
        ? shown.toString()
        : shown.substring(0, shown.offsetByCodePoints(0, LONGEST)) + "…";
  }

  static int visible(int codePoint) {
    if (codePoint == '\n' || codePoint == '\r' || codePoint == '\t') {
      return ' ';
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          0xFFFD;
      default -> codePoint;
    };
  }

  static String node(YamlNode node) {
    if (node instanceof YamlNode.Sequence) {
      return "a list";
    }
    if (node instanceof YamlNode.Mapping) {
      return "an object";
    }
    if (!(node instanceof YamlNode.Scalar scalar)) {
      return "something unreadable";
    }
    return switch (scalar.kind()) {
      case NULL -> "nothing";
      case BOOLEAN -> "the boolean " + word(scalar.text());
      case INTEGER, NUMBER -> "the number " + word(scalar.text());
      case TEXT -> "\"" + text(scalar.text()) + "\"";
    };
  }
}
