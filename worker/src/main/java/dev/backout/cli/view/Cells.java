package dev.backout.cli.view;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.WCWidth;

/** Text as a terminal counts it: in cells, of which a character takes none, one or two. */
public final class Cells {
  private Cells() {}

  static int width(String text) {
    return text.codePoints().map(Cells::width).sum();
  }

  private static int width(int codePoint) {
    return Math.max(0, WCWidth.wcwidth(codePoint));
  }

  /** The beginning that fits. */
  static String head(String text, int cells) {
    int used = 0;
    int end = 0;
    while (end < text.length()) {
      int codePoint = text.codePointAt(end);
      used += width(codePoint);
      if (used > cells) {
        break;
      }
      end += Character.charCount(codePoint);
    }
    return text.substring(0, end);
  }

  /**
   * Words in lines of at most this many cells; a word that is longer than a line is broken. Never
   * empty.
   */
  public static List<String> wrap(String text, int cells) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.trim().split("\\s+")) {
      if (!line.isEmpty() && width(line.toString()) + 1 + width(word) > cells) {
        lines.add(line.toString());
        line.setLength(0);
      }
      String rest = line.isEmpty() ? breakUp(word, cells, lines) : word;
      line.append(line.isEmpty() ? "" : " ").append(rest);
    }
    lines.add(line.toString());
    return lines;
  }

  private static String breakUp(String word, int cells, List<String> lines) {
    String rest = word;
    while (width(rest) > cells) {
      String head = head(rest, cells);
      if (head.isEmpty()) {
        break;
      }
      lines.add(head);
      rest = rest.substring(head.length());
    }
    return rest;
  }

  /**
   * Without what could move the cursor, change colours or hide: names and messages come from files
   * and systems that nobody vouches for.
   */
  static String clean(String text) {
    boolean isClean = text.codePoints().allMatch(c -> visible(c) == c);
    return isClean
        ? text
        : text.codePoints()
            .map(Cells::visible)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  private static int visible(int codePoint) {
    if (codePoint == '\n' || codePoint == '\r' || codePoint == '\t') {
      return ' ';
    }
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          '\uFFFD';
      default -> codePoint;
    };
  }
}
