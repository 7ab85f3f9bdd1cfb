package dev.backout.cli.view;

import dev.backout.history.Elapsed;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.Timeline;
import dev.backout.history.Timeline.Entry;
import java.time.Instant;
import java.util.stream.Collectors;

/** What happened in a run. */
public final class TimelineView {
  private final Timeline timeline;

  public TimelineView(Timeline timeline) {
    this.timeline = timeline;
  }

  public Page page(Look look) {
    RunStatus run = timeline.status();
    Page page = new Page(look);
    page.add(
        Line.of(Tone.STRONG, run.runbook())
            .and(" on ")
            .and(Tone.STRONG, run.target())
            .and(Tone.FAINT, "  run " + run.runId()));
    page.wrapped("", run.summary());
    page.wrapped(
        "",
        "Started "
            + Times.moment(run.startedAt(), look.zone())
            + " by "
            + run.startedBy()
            + "; "
            + RunNames.word(run.state())
            + (run.outcome() == null ? "." : ": " + run.outcome()));
    page.blank().add(entries(look).wrapped()).blank();
    timeline
        .objectives()
        .forEach(
            objective ->
                page.wrapped(
                    ObjectiveText.of(objective).and(Tone.FAINT, "  "),
                    Tone.FAINT,
                    objective.explanation()));
    if (run.canBeGoneOnWith()) {
      page.blank().add(StatusView.goingOn(run));
    }
    return page;
  }

  private Table entries(Look look) {
    Instant start = timeline.begin();
    Table table = look.isWide() ? new Table(look, "", 2, 1, 3) : new Table(look, "", 1);
    if (look.isWide()) {
      table.heading("time " + Times.offset(start, look.zone()), "after", "what", "took");
    }
    timeline.entries().forEach(entry -> table.row(cells(entry, start, look)));
    return table;
  }

  private static Line[] cells(Entry entry, Instant start, Look look) {
    Line after = Line.of(Tone.FAINT, "+" + Times.took(Elapsed.between(start, entry.at())));
    Line what = Line.of(tone(entry), entry.text());
    if (!look.isWide()) {
      return new Line[] {after, what};
    }
    Line took = Line.of(entry.took() == null ? "" : Times.took(entry.took()));
    return new Line[] {Line.of(Times.time(entry.at(), look.zone())), after, what, took};
  }

  /** One event on one line, for logs and pipes. */
  public static Line event(Entry entry, Look look) {
    Line line =
        Line.of(Tone.FAINT, Times.moment(entry.at(), look.zone()) + "  ")
            .and(tone(entry), entry.text());
    return entry.took() == null
        ? line
        : line.and(Tone.FAINT, " (" + Times.took(entry.took()) + ")");
  }

  /** What waits for a person, and the commands that answer it, on one line. */
  public static Line asked(RunStatus run, Waiting waiting, Look look) {
    String commands =
        waiting.choices().stream()
            .map(choice -> WaitingText.command(run, waiting, choice))
            .collect(Collectors.joining("  |  "));
    return Line.of(Tone.FAINT, Times.moment(waiting.since(), look.zone()) + "  ")
        .and(Tone.WARN, "decide " + waiting.step() + ": ")
        .and(Tone.STRONG, commands);
  }

  private static Tone tone(Entry entry) {
    return switch (entry.type()) {
      case STEP_DONE -> Tone.GOOD;
      case STEP_FAILED, STEP_IN_DOUBT -> Tone.BAD;
      case DOUBT_EXAMINED,
          RETRYING,
          WAITING,
          REMINDED,
          ESCALATED,
          OVER_BUDGET,
          OBJECTIVE_AT_RISK,
          NOT_TOLD,
          UNDO_STARTED ->
          Tone.WARN;
      case DECISION, RUN_STARTED, ADMISSION, RUN_FINISHED -> Tone.STRONG;
      case STEP_SKIPPED, STEP_TAKEN_OVER, TOLD -> Tone.FAINT;
      case STEP_STARTED -> Tone.PLAIN;
    };
  }
}
