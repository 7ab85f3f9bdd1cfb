package dev.backout.cli.view;

import dev.backout.workflow.PlanPreview.TriggerPreview;

/** A trigger that has been asked, and what was found. */
final class TriggerText {
  private TriggerText() {}

  static void add(Page page, TriggerPreview trigger) {
    Boolean holds = trigger.holds();
    Line word =
        holds == null
            ? Line.of(Tone.WARN, "can't tell: ")
            : holds ? Line.of(Tone.GOOD, "holds: ") : Line.of(Tone.FAINT, "does not hold: ");
    page.wrapped(Line.of("  ").and(word), Tone.PLAIN, trigger.name());
    if (!trigger.explanation().isEmpty()) {
      page.wrapped(Line.of("    "), Tone.FAINT, trigger.explanation());
    }
  }
}
