package dev.backout.runbook;

import java.util.Optional;

/** Text to model. */
public final class RunbookParser {

  private RunbookParser() {}

  /** Never throws for what the text says: every problem is a diagnostic. */
  public static ParseResult parse(SourceText source) {
    Diagnostics diagnostics = new Diagnostics(source.file());
    Optional<Runbook> runbook =
        RunbookLanguage.of(source)
            .read(source, diagnostics)
            .map(read -> StepIds.assign(read, diagnostics));
    return new ParseResult(runbook, diagnostics.sorted());
  }
}
