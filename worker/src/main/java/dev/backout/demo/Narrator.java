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

  /** Lines that begin with spaces keep them, also where they go on in the next one. */
  void say(String line) {
    String text = line.stripLeading();
    String indent = INDENT + " ".repeat(line.length() - text.length());
    Cells.wrap(text, Math.max(20, width - indent.length())).stream()
        .map(part -> indent + part)
        .forEach(out::println);
    out.flush();
  }

  /** A command, as it would be typed. */
  void command(String line) {
    out.println();
    out.println("$ " + line);
    out.flush();
  }
}
