package dev.backout.runbook;

/**
 * A source line as a terminal shows it, and which of its cells to mark.
 *
 * @param line without tabs and control characters, cut if it is long
 * @param column cells before the mark
 * @param width cells of the mark; at least 1
 */
record SourceExcerpt(String line, int column, int width) {
  /** Characters around the mark that a cut line keeps. */
  private static final int BEFORE = 60;

  private static final int AFTER = 40;
  private static final int TAB_CELLS = 4;
  private static final String CUT = "…";

  static SourceExcerpt of(String line, SourceRange range) {
    int[] characters = line.codePoints().toArray();
    int start = Math.min(range.start().column() - 1, characters.length);
    int end =
        range.end().line() == range.start().line() ? range.end().column() - 1 : characters.length;
    int stop = Math.max(start, Math.min(end, characters.length));

    boolean whole = characters.length <= BEFORE + AFTER;
    int first = whole ? 0 : Math.max(0, start - BEFORE);
    int last = whole ? characters.length : Math.min(characters.length, start + AFTER);
    String head = first > 0 ? CUT : "";
    String tail = last < characters.length ? CUT : "";
    return new SourceExcerpt(
        head + shown(characters, first, last) + tail,
        head.length() + cells(characters, first, start),
        Math.max(1, cells(characters, start, Math.min(stop, last))));
  }

  private static String shown(int[] characters, int from, int to) {
    StringBuilder shown = new StringBuilder();
    for (int i = from; i < to; i++) {
      if (characters[i] == '\t') {
        shown.append(" ".repeat(TAB_CELLS));
      } else {
        shown.appendCodePoint(Shown.visible(characters[i]));
      }
    }
    return shown.toString();
  }

  private static int cells(int[] characters, int from, int to) {
    int cells = 0;
    for (int i = from; i < to; i++) {
      cells += characters[i] == '\t' ? TAB_CELLS : CellWidth.of(Shown.visible(characters[i]));
    }
    return cells;
  }
}
