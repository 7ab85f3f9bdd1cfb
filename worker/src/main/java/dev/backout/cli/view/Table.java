package dev.backout.cli.view;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of cells, of which one column gives way when there is too little room. */
final class Table {
  private static final int GAP = 2;

  private final Look look;
  private final String indent;
  private final int flexible;
  private final List<Integer> toTheRight;
  private final List<List<Line>> rows = new ArrayList<>();

  /**
   * @param flexible the column that gives way
   * @param toTheRight the columns of numbers
   */
  Table(Look look, String indent, int flexible, Integer... toTheRight) {
    this.look = look;
    this.indent = indent;
    this.flexible = flexible;
    this.toTheRight = Arrays.asList(toTheRight);
  }

  Table row(Line... cells) {
    rows.add(List.of(cells));
    return this;
  }

  Table heading(String... names) {
    return row(Arrays.stream(names).map(name -> Line.of(Tone.FAINT, name)).toArray(Line[]::new));
  }

  /** Whether every row fits, with enough left for the column that gives way. */
  boolean fits() {
    int[] widths = widths();
    return indent.length() + Arrays.stream(widths).sum() + GAP * (widths.length - 1)
        <= look.width();
  }

  /** One line a row; what is too long is cut. */
  List<Line> cut() {
    int[] widths = widths();
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  /** As many lines a row as the flexible column needs. */
  List<Line> wrapped() {
    int[] widths = widths();
    List<Line> lines = new ArrayList<>();
    for (List<Line> row : rows) {
      lines.addAll(wrapped(row, widths));
    }
    return lines;
  }

  private List<Line> wrapped(List<Line> row, int[] widths) {
    if (row.size() <= flexible || row.get(flexible).width() <= widths[flexible]) {
      return List.of(line(row, widths));
    }
    Line tooLong = row.get(flexible);
    Tone tone = tooLong.pieces().get(0).tone();
    String text = tooLong.text(false);
    List<String> parts = Cells.wrap(text, widths[flexible]);
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      List<Line> cells = new ArrayList<>();
      for (int column = 0; column < row.size(); column++) {
        Line cell = i == 0 ? row.get(column) : Line.EMPTY;
        cells.add(column == flexible ? Line.of(tone, parts.get(i)) : cell);
      }
      lines.add(line(cells, widths));
    }
    return lines;
  }

  private Line line(List<Line> row, int[] widths) {
    Line line = Line.of(indent);
    for (int column = 0; column < row.size(); column++) {
      Line cell = row.get(column).cut(widths[column], look);
      boolean isLast = column == row.size() - 1;
      if (toTheRight.contains(column)) {
        line = line.and(cell.alignedRight(widths[column]));
      } else {
        line = line.and(isLast ? cell : cell.padded(widths[column]));
      }
      line = isLast ? line : line.and(" ".repeat(GAP));
    }
    return line;
  }

  private int[] widths() {
    int columns = rows.stream().mapToInt(List::size).max().orElse(0);
    int[] widths = new int[columns];
    for (List<Line> row : rows) {
      for (int column = 0; column < row.size(); column++) {
        widths[column] = Math.max(widths[column], row.get(column).width());
      }
    }
    if (flexible < columns) {
      int others = Arrays.stream(widths).sum() - widths[flexible] + GAP * (columns - 1);
      int room = look.width() - indent.length() - others;
      widths[flexible] = Math.max(8, Math.min(widths[flexible], room));
    }
    return widths;
  }
}
