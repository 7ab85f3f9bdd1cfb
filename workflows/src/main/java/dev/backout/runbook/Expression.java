package dev.backout.runbook;

/**
 * CEL in a runbook.
 *
 * @param cel the expression's text, not checked yet
 * @param where where each of its characters stands in the file
 */
public record Expression(String cel, TextMap where) {

  public SourceRange range() {
    return where.range();
  }

  /**
   * Where the {@code char}s {@code from} (inclusive) to {@code to} (exclusive) of the CEL stand.
   */
  public SourceRange range(int from, int to) {
    return where.range(from, to);
  }
}
