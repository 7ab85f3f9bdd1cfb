package dev.backout.cli.view;

import dev.backout.workflow.PlanPreview.TriggerPreview;
import org.jspecify.annotations.Nullable;

/** A trigger that has been asked, and what was found. */
public final class TriggerText {
  private TriggerText() {}

  static void add(Page page, TriggerPreview trigger) {
    Line word = Line.of(tone(trigger.holds()), word(trigger.holds()) + ": ");
    page.wrapped(Line.of("  ").and(word), Tone.PLAIN, trigger.name());
    if (!trigger.explanation().isEmpty()) {
      page.wrapped(Line.of("    "), Tone.FAINT, trigger.explanation());
    }
  }

  /** The same in one line, without what was found. */
  public static String line(String name, TriggerPreview trigger) {
    return word(trigger.holds()) + ": " + Cells.clean(name);
  }

  private static String word(@Nullable Boolean holds) {
    return holds == null ? "can't tell" : holds ? "holds" : "does not hold";
  }

  private static Tone tone(@Nullable Boolean holds) {
    return holds == null ? Tone.WARN : holds ? Tone.GOOD : Tone.FAINT;
  }
}
