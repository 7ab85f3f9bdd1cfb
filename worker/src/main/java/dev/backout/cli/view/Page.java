package dev.backout.cli.view;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lines, as they are put under each other. */
public final class Page {
  private final Look look;
  private final List<Line> lines = new ArrayList<>();

  public Page(Look look) {
    this.look = look;
  }

  public Look look() {
    return look;
  }

  public Page add(Line line) {
    lines.add(line);
    return this;
  }

  public Page add(List<Line> more) {
    lines.addAll(more);
    return this;
  }

  /** An empty line, unless there is one already or nothing above it. */
  public Page blank() {
    if (!lines.isEmpty() && !lines.get(lines.size() - 1).isBlank()) {
      lines.add(Line.EMPTY);
    }
    return this;
  }

  /** Words, wrapped; the lines after the first begin under the first one's text. */
  public Page wrapped(Line head, Tone tone, String text) {
    int indent = head.width();
    int room = Math.max(12, look.width() - indent);
    List<String> wrapped = Cells.wrap(Cells.clean(text), room);
    lines.add(head.and(tone, wrapped.get(0)));
    wrapped.stream()
        .skip(1)
        .forEach(line -> lines.add(Line.of(" ".repeat(indent)).and(tone, line)));
    return this;
  }

  public Page wrapped(String head, String text) {
    return wrapped(Line.of(head), Tone.PLAIN, text);
  }

  /** Text whose own lines mean something, such as an error with an excerpt: each one wrapped. */
  public Page text(String indent, Tone tone, String text) {
    text.lines().forEach(line -> wrapped(Line.of(indent), tone, line));
    return this;
  }

  /**
   * A command to copy: broken only between words, and with what a shell wants at the end of a
   * broken line.
   */
  public Page command(String indent, String command) {
    String more = " \\";
    List<String> parts = Cells.wrap(command, Math.max(12, look.width() - indent.length() - 4));
    for (int i = 0; i < parts.size(); i++) {
      String tail = i < parts.size() - 1 ? more : "";
      lines.add(Line.of(indent + (i == 0 ? "" : "  ")).and(Tone.STRONG, parts.get(i) + tail));
    }
    return this;
  }

  public List<Line> lines() {
    return List.copyOf(lines);
  }

  /** Each line with a line end. */
  public String text() {
    return lines.stream()
        .map(line -> line.text(look.colour()) + "\n")
        .collect(Collectors.joining());
  }
}
