package dev.backout.demo;

import dev.backout.cli.view.Cells;
import java.io.PrintStream;

/** What the demo says between the commands. */
final class Narrator {
  private static final String INDENT = "   ";

  private final PrintStream out;
  private final int width;
  private int chapter;

  /**
   * @param width of the terminal, in cells
   */
  Narrator(PrintStream out, int width) {
    this.out = out;
    this.width = width;
  }

  void chapter(String title) {
    chapter++;
    out.println();
    out.println(chapter + ". " + title);
    out.println();
    out.flush();
  }

  /** What is longer than a line goes on in the next one, under its first letter. */
  void say(String line) {
    if (INDENT.length() + line.length() <= width) {
      out.println(INDENT + line);
    } else {
      wrapped(line);
    }
    out.flush();
  }

  private void wrapped(String line) {
    String text = line.stripLeading();
    String indent = INDENT + " ".repeat(line.length() - text.length());
    Cells.wrap(text, Math.max(20, width - indent.length())).stream()
        .map(part -> indent + part)
        .forEach(out::println);
  }

  /** A command, as it would be typed. */
  void command(String line) {
    out.println();
    out.println("$ " + line);
    out.flush();
  }
}
