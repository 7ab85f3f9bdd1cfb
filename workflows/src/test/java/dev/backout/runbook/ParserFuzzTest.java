package dev.backout.runbook;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/**
 * The same runbooks each time, so that a commit is good or bad for all who check it; {@link
 * ParserFuzzSearch} looks for others.
 */
class ParserFuzzTest extends BrokenRunbooks {

  @Property(seed = "20261122", tries = 1500, shrinking = ShrinkingMode.BOUNDED)
  void aBrokenRunbookGivesDiagnostics(@ForAll("broken") String text) {
    checkText(text);
  }

  @Property(seed = "20261122", tries = 400, shrinking = ShrinkingMode.BOUNDED)
  void piecesInAnyOrderGiveDiagnostics(@ForAll("pieces") String text) {
    checkText(text);
  }

  @Property(seed = "20261122", tries = 400, shrinking = ShrinkingMode.BOUNDED)
  void anyBytesGiveDiagnostics(@ForAll byte[] bytes) {
    checkBytes(bytes);
  }
}
