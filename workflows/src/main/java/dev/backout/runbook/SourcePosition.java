package dev.backout.runbook;

/**
 * A place in a file, as editors count.
 *
 * @param line from 1
 * @param column from 1, in characters (Unicode code points)
 */
public record SourcePosition(int line, int column) implements Comparable<SourcePosition> {

  public static final SourcePosition START = new SourcePosition(1, 1);

  @Override
  public int compareTo(SourcePosition other) {
    return line != other.line
        ? Integer.compare(line, other.line)
        : Integer.compare(column, other.column);
  }
}
