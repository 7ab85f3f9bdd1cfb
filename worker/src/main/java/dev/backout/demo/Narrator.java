package dev.backout.demo;

import java.io.PrintStream;

/** What the demo says between the commands. */
final class Narrator {
  private final PrintStream out;
  private int chapter;

  Narrator(PrintStream out) {
    this.out = out;
  }

  void chapter(String title) {
    chapter++;
    out.println();
    out.println(chapter + ". " + title);
    out.println();
    out.flush();
  }

  void say(String line) {
    out.println("   " + line);
    out.flush();
  }

  /** A command, as it would be typed. */
  void command(String line) {
    out.println();
    out.println("$ " + line);
    out.flush();
  }
}
