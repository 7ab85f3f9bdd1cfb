package dev.backout.cli.view;

import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatus.Tick;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step as a row of a table.
 *
 * @param depth how many steps it is inside of
 */
record StepRow(int depth, StepStatus step) {

  /** The steps and those inside of them, in order. */
  static List<StepRow> of(List<StepStatus> steps) {
    List<StepRow> rows = new ArrayList<>();
    collect(0, steps, false, rows);
    return rows;
  }

  /** The same, without what is inside of steps that need no attention. */
  static List<StepRow> brief(List<StepStatus> steps) {
    List<StepRow> rows = new ArrayList<>();
    collect(0, steps, true, rows);
    return rows;
  }

  private static void collect(
      int depth, List<StepStatus> steps, boolean isBrief, List<StepRow> rows) {
    for (StepStatus step : steps) {
      rows.add(new StepRow(depth, step));
      if (!isBrief || !isQuiet(step.state())) {
        collect(depth + 1, step.children(), isBrief, rows);
      }
    }
  }

  private static boolean isQuiet(StepState state) {
    return state == StepState.DONE || state == StepState.PENDING || state == StepState.SKIPPED;
  }

  boolean isOver() {
    return step.state() == StepState.DONE
        || step.state() == StepState.SKIPPED
        || step.state() == StepState.UNDONE;
  }

  boolean isPending() {
    return step.state() == StepState.PENDING;
  }

  Line[] cells(Look look, Instant now) {
    Mark mark = Mark.of(step.state());
    Line markAndName =
        Line.of("  ".repeat(depth)).and(mark.line(look)).and(" ").and(nameTone(), step.name());
    if (!look.isWide()) {
      return new Line[] {markAndName, shortTime(now)};
    }
    Line path = Line.of(Tone.FAINT, step.path().equals(step.name()) ? "" : step.path());
    return new Line[] {markAndName, path, time(now)};
  }

  private Tone nameTone() {
    return switch (step.state()) {
      case RUNNING, WAITING, FAILED, IN_DOUBT -> Tone.STRONG;
      case PENDING, SKIPPED -> Tone.FAINT;
      case DONE, UNDONE -> Tone.PLAIN;
    };
  }

  private Line shortTime(Instant now) {
    Duration took = Times.between(step.startedAt(), step.finishedAt(), now);
    if (took == null || isPending() || step.state() == StepState.SKIPPED) {
      return Line.EMPTY;
    }
    boolean isOver = step.budget() != null && took.compareTo(step.budget()) > 0;
    return Line.of(isOver ? Tone.BAD : Tone.PLAIN, Times.took(took) + (isOver ? " over" : ""));
  }

  private Line time(Instant now) {
    Duration took = Times.between(step.startedAt(), step.finishedAt(), now);
    Duration budget = step.budget();
    String again = step.attempt() > 1 ? " (" + ordinal(step.attempt()) + " time)" : "";
    String from = step.takenOverFrom();
    String over = from == null ? null : "in run " + RunNames.prefix(from);
    return switch (step.state()) {
      case PENDING -> Line.of(Tone.FAINT, budget == null ? "" : "budget " + Times.limit(budget));
      case SKIPPED -> Line.of(Tone.FAINT, "skipped");
      case UNDONE -> Line.of(Tone.WARN, "undone");
      case DONE -> over == null ? took(took, budget).and(again) : Line.of(Tone.FAINT, over);
      default -> Line.of(Mark.of(step.state()).tone(), word()).and(took(took, budget)).and(again);
    };
  }

  private String word() {
    return Mark.of(step.state()).word() + " ";
  }

  private static Line took(@Nullable Duration took, @Nullable Duration budget) {
    if (took == null) {
      return Line.EMPTY;
    }
    if (budget == null) {
      return Line.of(Times.took(took));
    }
    boolean isOver = took.compareTo(budget) > 0;
    return Line.of(isOver ? Tone.BAD : Tone.PLAIN, Times.took(took))
        .and(Tone.FAINT, " of " + Times.limit(budget))
        .and(Tone.BAD, isOver ? " over" : "");
  }

  private static String ordinal(int number) {
    return switch (number) {
      case 2 -> "2nd";
      case 3 -> "3rd";
      default -> number + "th";
    };
  }

  /** What is to be said of it below its row: failure, decisions. */
  List<Line> remarks() {
    List<Line> remarks = new ArrayList<>();
    if (step.failure() != null) {
      Tone tone = step.state() == StepState.SKIPPED ? Tone.FAINT : Tone.BAD;
      step.failure().lines().forEach(line -> remarks.add(Line.of(tone, line)));
    }
    step.decisions().forEach(decision -> remarks.add(decision(decision)));
    return remarks;
  }

  /** Of an item that was ticked. */
  static String by(TakenDecision decision) {
    Tick tick = decision.tick();
    String file =
        tick == null || tick.sha256() == null
            ? ""
            : " (" + tick.file() + ", SHA-256 " + tick.sha256() + ")";
    return "ticked by "
        + decision.by()
        + (decision.verified() ? "" : " (unverified)")
        + (decision.reason() == null ? "" : ": " + decision.reason())
        + file;
  }

  static Line decision(TakenDecision decision) {
    Tick tick = decision.tick();
    if (tick != null) {
      return Line.of(tick.item() + " " + tick.text() + ", " + by(decision));
    }
    Line line = Line.of(decision.choice() + " by " + decision.by());
    line = decision.verified() ? line : line.and(Tone.FAINT, " (unverified)");
    line =
        decision.sentBy() == null ? line : line.and(Tone.FAINT, ", sent by " + decision.sentBy());
    return decision.reason() == null ? line : line.and(": " + decision.reason());
  }
}
