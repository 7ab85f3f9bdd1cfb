package dev.backout.runbook;

/** From a first character to just behind the last one. */
public record SourceRange(SourcePosition start, SourcePosition end) {

  /** The very start of a file, for what concerns the file as a whole. */
  public static final SourceRange START =
      new SourceRange(SourcePosition.START, SourcePosition.START);
}
