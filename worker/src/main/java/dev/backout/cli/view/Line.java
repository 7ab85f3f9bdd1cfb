package dev.backout.cli.view;

import java.util.ArrayList;
import java.util.List;

/** One line of text, in pieces of one tone each. */
public record Line(List<Piece> pieces) {
  public static final Line EMPTY = new Line(List.of());

  /** A piece; without control characters, whatever it is made of. */
  public record Piece(Tone tone, String text) {
    public Piece {
      text = Cells.clean(text);
    }
  }

  public static Line of(String text) {
    return of(Tone.PLAIN, text);
  }

  public static Line of(Tone tone, String text) {
    return EMPTY.and(tone, text);
  }

  public Line and(String text) {
    return and(Tone.PLAIN, text);
  }

  public Line and(Tone tone, String text) {
    if (text.isEmpty()) {
      return this;
    }
    List<Piece> more = new ArrayList<>(pieces);
    more.add(new Piece(tone, text));
    return new Line(List.copyOf(more));
  }

  public Line and(Line other) {
    List<Piece> more = new ArrayList<>(pieces);
    more.addAll(other.pieces);
    return new Line(List.copyOf(more));
  }

  public int width() {
    return pieces.stream().mapToInt(piece -> Cells.width(piece.text())).sum();
  }

  /** At most this many cells, with a mark at the end where something is missing. */
  public Line cut(int cells, Look look) {
    if (width() <= cells) {
      return this;
    }
    String mark = look.unicode() ? "…" : "~";
    int left = Math.max(0, cells - 1);
    Line cut = EMPTY;
    Tone last = Tone.PLAIN;
    for (Piece piece : pieces) {
      String head = Cells.head(piece.text(), left);
      left -= Cells.width(head);
      cut = cut.and(piece.tone(), head);
      last = piece.tone();
      if (head.length() < piece.text().length()) {
        break;
      }
    }
    return cut.and(last, mark);
  }

  Line padded(int cells) {
    return and(" ".repeat(Math.max(0, cells - width())));
  }

  Line alignedRight(int cells) {
    return of(" ".repeat(Math.max(0, cells - width()))).and(this);
  }

  boolean isBlank() {
    return pieces.stream().allMatch(piece -> piece.text().isBlank());
  }

  /** Without spaces at the end. */
  public String text(boolean colour) {
    StringBuilder text = new StringBuilder();
    for (Piece piece : pieces) {
      text.append(colour ? piece.tone().paint(piece.text()) : piece.text());
    }
    return text.toString().stripTrailing();
  }
}
