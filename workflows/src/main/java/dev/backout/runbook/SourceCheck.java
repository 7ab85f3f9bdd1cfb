package dev.backout.runbook;

import org.snakeyaml.engine.v2.scanner.StreamReader;

/** What must hold of a text before YAML is asked. */
final class SourceCheck {
  private static final int MOST_REPORTED = 10;

  private SourceCheck() {}

  static boolean isReadable(SourceText source, Diagnostics diagnostics) {
    String text = source.text();
    if (text.length() > SourceReader.MAX_BYTES) {
      SourceReader.tooLarge(diagnostics);
      return false;
    }
    if (text.startsWith("\uFEFF")) {
      diagnostics.warning(
          SourceRange.START,
          "byte-order-mark",
          "The file begins with a byte order mark",
          "Save it as UTF-8 without BOM");
    }
    return hasOnlyCharacters(source, diagnostics);
  }

  private static boolean hasOnlyCharacters(SourceText source, Diagnostics diagnostics) {
    String text = source.text();
    int found = 0;
    for (int at = 0; at < text.length() && found < MOST_REPORTED; ) {
      int c = text.codePointAt(at);
      if (!StreamReader.isPrintable(c)) {
        found++;
        diagnostics.error(
            source.range(at, at + Character.charCount(c)),
            "control-character",
            c == 0
                ? "A NUL stands here, and a runbook is text"
                : String.format("The control character U+%04X stands here", c),
            c == 0
                ? "Is this the right file?"
                : "Remove it; between double quotes it can be written as an escape");
      }
      at += Character.charCount(c);
    }
    return found == 0;
  }
}
