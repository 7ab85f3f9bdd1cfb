package dev.backout.cli;

import dev.backout.cli.view.Line;
import java.io.PrintWriter;
import java.util.List;

/** The last lines of a terminal, painted over in one go so that nothing flickers. */
final class LiveScreen {
  private static final String ESCAPE = "\u001b[";

  /** Terminals that know it show nothing half painted; the others pass over it. */
  private static final String BEGIN = ESCAPE + "?2026h" + ESCAPE + "?25l" + ESCAPE + "?7l";

  private static final String END = ESCAPE + "?7h" + ESCAPE + "?2026l";
  private static final String CURSOR = ESCAPE + "?25h";

  private final PrintWriter terminal;
  private int painted;
  private int columns;
  private int rows;

  LiveScreen(PrintWriter terminal) {
    this.terminal = terminal;
  }

  void paint(List<Line> lines, int newColumns, int newRows, boolean colour) {
    StringBuilder frame = new StringBuilder(BEGIN).append(start(newColumns, newRows));
    for (int i = 0; i < lines.size(); i++) {
      // Erased before it is written: on a full line the cursor stays on the last character, which
      // erasing afterwards would take away.
      boolean isLast = i == lines.size() - 1;
      frame.append(i == 0 ? "" : "\r\n").append(ESCAPE).append(isLast ? "J" : "K");
      frame.append(lines.get(i).text(colour));
    }
    frame.append(END);
    terminal.print(frame);
    terminal.flush();
    painted = lines.size();
  }

  /** To the frame's first line; after a change of size nobody knows where that is. */
  private String start(int newColumns, int newRows) {
    boolean isResized = painted > 0 && (columns != newColumns || rows != newRows);
    columns = newColumns;
    rows = newRows;
    if (isResized) {
      return ESCAPE + "H" + ESCAPE + "2J";
    }
    return painted > 1 ? "\r" + ESCAPE + (painted - 1) + "A" : "\r";
  }

  /** Leaves the last frame where it is, and the cursor below it. */
  void end() {
    terminal.print("\r\n" + CURSOR);
    terminal.flush();
  }
}
