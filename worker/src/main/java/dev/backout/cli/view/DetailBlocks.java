package dev.backout.cli.view;

import dev.backout.workflow.StepPreview.Detail;
import dev.backout.workflow.StepPreview.Kind;
import java.util.Arrays;
import java.util.List;

/** The blocks of a step's preview. */
final class DetailBlocks {
  private final Page page;
  private final String indent;

  DetailBlocks(Page page, String indent) {
    this.page = page;
    this.indent = indent;
  }

  void add(Detail detail) {
    switch (detail.kind()) {
      case DIFF -> diff(detail);
      case TABLE -> table(detail);
      case NOTE -> note(detail);
      case LOSS, PROBLEM -> alarm(detail);
    }
  }

  private void diff(Detail detail) {
    title(detail);
    detail.lines().forEach(line -> page.add(Line.of(indent + "  ").and(diffTone(line), line)));
  }

  private static Tone diffTone(String line) {
    if (line.startsWith("+++") || line.startsWith("---")) {
      return Tone.STRONG;
    }
    if (line.startsWith("@@")) {
      return Tone.PLACE;
    }
    if (line.startsWith("+")) {
      return Tone.ADDED;
    }
    return line.startsWith("-") ? Tone.REMOVED : Tone.PLAIN;
  }

  private void table(Detail detail) {
    title(detail);
    List<String[]> rows = detail.lines().stream().map(line -> line.split("\t", -1)).toList();
    int columns = rows.stream().mapToInt(row -> row.length).max().orElse(0);
    Table table = new Table(page.look(), indent + "  ", widest(rows, columns));
    for (int i = 0; i < rows.size(); i++) {
      Tone tone = i == 0 ? Tone.FAINT : Tone.PLAIN;
      table.row(Arrays.stream(rows.get(i)).map(cell -> Line.of(tone, cell)).toArray(Line[]::new));
    }
    if (table.fits()) {
      page.add(table.wrapped());
    } else {
      rows.stream().skip(1).forEach(row -> record(rows.get(0), row));
    }
  }

  /** A row for which there is no room, as lines of its own. */
  private void record(String[] names, String[] row) {
    for (int i = 0; i < row.length; i++) {
      String name = i < names.length && !names[i].isEmpty() ? names[i] + ": " : "";
      Line head = Line.of(indent + (i == 0 ? "- " : "  ")).and(Tone.FAINT, name);
      if (!row[i].isEmpty()) {
        page.wrapped(head, Tone.PLAIN, row[i]);
      }
    }
  }

  private static int widest(List<String[]> rows, int columns) {
    int widest = 0;
    int width = 0;
    for (int column = 0; column < columns; column++) {
      int here = column;
      int most =
          rows.stream()
              .filter(row -> row.length > here)
              .mapToInt(row -> Cells.width(row[here]))
              .max()
              .orElse(0);
      if (most > width) {
        width = most;
        widest = column;
      }
    }
    return widest;
  }

  private void note(Detail detail) {
    title(detail);
    String more = detail.title().isEmpty() ? indent : indent + "  ";
    detail.lines().forEach(line -> page.wrapped(more, line));
  }

  private void alarm(Detail detail) {
    String word = detail.kind() == Kind.LOSS ? "LOSS" : "PROBLEM";
    Line head = Line.of(indent).and(Tone.BAD, word + " ");
    boolean hasTitle = !detail.title().isEmpty();
    String first = hasTitle ? detail.title() : String.join(" ", detail.lines());
    page.wrapped(head, Tone.STRONG, first);
    if (hasTitle) {
      String more = " ".repeat(head.width());
      detail.lines().forEach(line -> page.wrapped(more, line));
    }
  }

  private void title(Detail detail) {
    if (!detail.title().isEmpty()) {
      page.wrapped(Line.of(indent), Tone.FAINT, detail.title());
    }
  }
}
