package dev.backout.cli;

import java.io.IOException;
import java.util.Locale;

/** Asks the person at the terminal. */
final class Prompt {
  private Prompt() {}

  /**
   * @param flag what gives the answer where nobody can be asked
   */
  static boolean yes(String question, String flag, BackoutCommand command) throws IOException {
    if (!command.around().isTyped()) {
      throw command.usage(
          "There is no terminal to ask \"" + question + "\" on. Give " + flag + " to say yes.");
    }
    command.err().print(question + " Only `yes` is a yes: ");
    command.err().flush();
    String answer = command.around().in().readLine();
    return answer != null && answer.trim().toLowerCase(Locale.ROOT).equals("yes");
  }
}
