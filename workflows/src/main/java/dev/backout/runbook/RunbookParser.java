package dev.backout.runbook;

import java.util.List;
import java.util.Optional;

/** Text to model. */
public final class RunbookParser {

  private RunbookParser() {}

  /** Never throws for what the text says: every problem is a diagnostic. */
  public static ParseResult parse(SourceText source) {
    Diagnostics diagnostics = new Diagnostics(source.file());
    diagnostics.error(SourceRange.START, "not-implemented", "The parser is being written", null);
    return new ParseResult(Optional.empty(), List.copyOf(diagnostics.sorted()));
  }
}
