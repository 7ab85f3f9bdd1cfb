package dev.backout.action.program;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Cuts what comes into lines, masks each, and hands it on. A line that doesn't end is cut, so that
 * it can't fill the memory; its last part is thrown away, as a secret could begin there that isn't
 * seen for not being whole.
 */
final class MaskedLines {
  static final int LONGEST = 1 << 20;

  /** Longer than any secret is in any form. */
  static final int SPARE = 1 << 17;

  private final UnaryOperator<String> mask;
  private final Consumer<String> sink;
  private final StringBuilder line = new StringBuilder();
  private boolean begun;
  private boolean cut;

  MaskedLines(UnaryOperator<String> mask, Consumer<String> sink) {
    this.mask = mask;
    this.sink = sink;
  }

  void add(char[] characters, int count) {
    for (int i = 0; i < count; i++) {
      add(characters[i]);
    }
  }

  private void add(char character) {
    begun = true;
    if (character == '\n') {
      end();
    } else if (line.length() < LONGEST + SPARE) {
      line.append(character);
    } else {
      cut = true;
    }
  }

  /** The end of a line, or of the last one, which needs none. */
  void end() {
    if (!begun) {
      return;
    }
    int length = line.length();
    if (length > 0 && line.charAt(length - 1) == '\r') {
      line.setLength(length - 1);
    }
    String masked = mask.apply(line.toString());
    sink.accept(
        cut
            ? masked.substring(0, Math.max(0, masked.length() - SPARE))
                + " [the rest of this line was not kept]"
            : masked);
    line.setLength(0);
    begun = false;
    cut = false;
  }
}
