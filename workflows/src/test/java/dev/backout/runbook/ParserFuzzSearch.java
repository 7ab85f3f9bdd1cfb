package dev.backout.runbook;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Looks for runbooks that nobody thought of: other ones each time, run by {@code faults/run}. */
class ParserFuzzSearch extends BrokenRunbooks {

  @Property(tries = 40000, shrinking = ShrinkingMode.BOUNDED)
  void aBrokenRunbookGivesDiagnostics(@ForAll("broken") String text) {
    checkText(text);
  }

  @Property(tries = 10000, shrinking = ShrinkingMode.BOUNDED)
  void piecesInAnyOrderGiveDiagnostics(@ForAll("pieces") String text) {
    checkText(text);
  }

  @Property(tries = 10000, shrinking = ShrinkingMode.BOUNDED)
  void anyBytesGiveDiagnostics(@ForAll byte[] bytes) {
    checkBytes(bytes);
  }
}
