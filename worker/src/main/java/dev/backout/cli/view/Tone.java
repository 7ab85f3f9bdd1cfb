package dev.backout.cli.view;

/** What a piece of text is, as far as colour says it; never the only thing that says it. */
public enum Tone {
  PLAIN(""),
  STRONG("1"),
  FAINT("2"),
  GOOD("32"),
  BAD("1;31"),
  WARN("33"),
  ASK("1;36"),
  ADDED("32"),
  REMOVED("31"),
  PLACE("36");

  private static final String ESCAPE = "\u001b[";

  private final String code;

  Tone(String code) {
    this.code = code;
  }

  String paint(String text) {
    return code.isEmpty() || text.isEmpty() ? text : ESCAPE + code + "m" + text + ESCAPE + "0m";
  }
}
