package dev.backout.cli.view;

import dev.backout.history.UndoOutline;
import dev.backout.history.UndoPlan;
import dev.backout.history.UndoPlan.WouldUndo;
import java.util.List;

/** What taking back would do, the last step first. */
public final class UndoView {
  private UndoView() {}

  /** Of a plan that has not run. */
  public static Page page(UndoOutline outline, Look look) {
    Page page = new Page(look);
    if (outline.steps().isEmpty()) {
      return page.wrapped("", "No step changes anything, so there is nothing to take back.");
    }
    page.add(Line.of(Tone.STRONG, "Taking back, the last step first"));
    for (UndoOutline.Line line : outline.steps()) {
      page.wrapped(
          Line.of("  ").and(Tone.STRONG, line.step()).and("  "),
          line.action() == null ? Tone.WARN : Tone.PLAIN,
          line.action() == null
              ? "has no undo, and would stay"
              : line.action() + " " + (line.with() == null ? "" : line.with().toString()));
    }
    return page;
  }

  /** Of a run, besides the steps that would be carried out. */
  public static void stays(Page page, UndoPlan plan) {
    List<WouldUndo> stays = plan.lines().stream().filter(line -> line.action() == null).toList();
    if (stays.isEmpty()) {
      return;
    }
    page.blank().add(Line.of(Tone.WARN, "Can't be taken back by itself"));
    stays.forEach(
        line ->
            page.wrapped(
                Line.of("  ").and(Tone.STRONG, line.step()).and("  "),
                Tone.PLAIN,
                line.note() == null ? "" : line.note()));
  }
}
