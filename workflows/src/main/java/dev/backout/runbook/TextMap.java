package dev.backout.runbook;

/**
 * Where each character of a string stands in the file, also where YAML escapes, folds or indents
 * it.
 */
public final class TextMap {
  private final SourceText source;
  private final int[] offsets;
  private final int from;
  private final int to;

  /**
   * @param offsets for each {@code char} of the string its offset in the file, and one more for its
   *     end
   */
  TextMap(SourceText source, int[] offsets) {
    this(source, offsets, 0, offsets.length - 1);
  }

  private TextMap(SourceText source, int[] offsets, int from, int to) {
    this.source = source;
    this.offsets = offsets;
    this.from = from;
    this.to = to;
  }

  public SourceRange range() {
    return range(0, to - from);
  }

  /** The range of the characters {@code start} (inclusive) to {@code end} (exclusive). */
  public SourceRange range(int start, int end) {
    int first = clamp(start);
    int last = clamp(end);
    if (last <= first) {
      return source.range(offsets[first], offsets[first]);
    }
    // The last character's own place, not the next one's: a line break and an indent may lie
    // between.
    return source.range(offsets[first], offsets[last - 1] + 1);
  }

  TextMap slice(int start, int end) {
    return new TextMap(source, offsets, clamp(start), clamp(end));
  }

  private int clamp(int index) {
    return Math.max(from, Math.min(from + index, to));
  }
}
