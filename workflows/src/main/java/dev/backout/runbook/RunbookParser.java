package dev.backout.runbook;

import java.util.Optional;

/** Text to model. */
public final class RunbookParser {

  private RunbookParser() {}

  /** Never throws for what the text says: every problem is a diagnostic. */
  public static ParseResult parse(SourceText source) {
    Diagnostics diagnostics = new Diagnostics(source.file());
    if (!SourceCheck.isReadable(source, diagnostics)) {
      return new ParseResult(Optional.empty(), diagnostics.sorted());
    }
    Optional<Runbook> runbook =
        YamlReader.read(source, diagnostics).flatMap(root -> model(root, source, diagnostics));
    return new ParseResult(runbook, diagnostics.sorted());
  }

  private static Optional<Runbook> model(
      YamlNode root, SourceText source, Diagnostics diagnostics) {
    Reading reading = new Reading(source, diagnostics, "runbook");
    if (!(root instanceof YamlNode.Mapping)) {
      reading.error(
          root,
          "not-a-runbook",
          "A runbook is an object with keys such as `apiVersion`, and this is " + Shown.node(root),
          null);
      return Optional.empty();
    }
    return Optional.ofNullable(RunbookLanguage.runbook(source).read(root, reading))
        .map(runbook -> StepIds.assign(runbook, diagnostics));
  }
}
