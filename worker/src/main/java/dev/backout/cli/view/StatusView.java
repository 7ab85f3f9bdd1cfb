package dev.backout.cli.view;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.DueFollowUp;
import dev.backout.history.RunStatus.NotTold;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A run as it stands at one moment. */
public final class StatusView {
  private final RunStatus run;
  private final Instant now;

  public StatusView(RunStatus run, Instant now) {
    this.run = run;
    this.now = now;
  }

  /** All of it. */
  public Page page(Look look) {
    Page page = new Page(look);
    heading(page);
    steps(page, "Preflight", run.preflight());
    steps(page, "Steps", run.steps());
    steps(page, "Taking back", run.undo());
    steps(page, "Finally", run.lastly());
    run.waiting().forEach(waiting -> WaitingText.add(page.blank(), run, waiting, now));
    notTold(page);
    if (run.state().isFinal()) {
      ending(page.blank());
    }
    return page;
  }

  /** Where it stands and what it waits for, without its steps. */
  public Page brief(Look look) {
    Page page = new Page(look);
    heading(page);
    run.waiting().forEach(waiting -> WaitingText.add(page.blank(), run, waiting, now));
    return page;
  }

  /** What is said below a run that has just ended. */
  public Page afterwards(Look look) {
    Page page = new Page(look).add(Line.EMPTY);
    clock(page);
    ending(page);
    return page;
  }

  void heading(Page page) {
    Look look = page.look();
    Line name = Line.of(Tone.STRONG, run.runbook()).and(" on ").and(Tone.STRONG, run.target());
    Line state =
        Line.of(Tone.FAINT, "run " + RunNames.prefix(run.runId()) + "  ")
            .and(Mark.of(run.state()).tone(), RunNames.word(run.state()));
    if (name.width() + 2 + state.width() <= look.width()) {
      page.add(name.and("  ").and(state));
    } else {
      page.add(name.cut(look.width(), look)).add(state.cut(look.width(), look));
    }
    page.wrapped("", run.summary());
    if (run.resumes() != null) {
      page.wrapped("", "Goes on from run " + RunNames.prefix(run.resumes()) + ".");
    }
    clock(page);
  }

  void clock(Page page) {
    Look look = page.look();
    Duration elapsed = Times.between(run.startedAt(), run.finishedAt(), now);
    Line line =
        Line.of(run.state().isFinal() ? "Took " : "Elapsed ")
            .and(Tone.STRONG, elapsed == null ? "" : Times.took(elapsed));
    Line between = Line.of(look.unicode() ? " · " : ", ");
    for (Line each : List.of(ObjectiveText.rto(run, now), ObjectiveText.rpo(run, now))) {
      line = each.pieces().isEmpty() ? line : line.and(between).and(each);
    }
    page.add(line.cut(look.width(), look));
  }

  private void steps(Page page, String heading, List<StepStatus> steps) {
    if (steps.isEmpty()) {
      return;
    }
    page.blank().add(Line.of(Tone.FAINT, heading));
    List<StepRow> rows = StepRow.of(steps);
    List<Line> lines = table(page.look(), rows).cut();
    for (int i = 0; i < rows.size(); i++) {
      page.add(lines.get(i));
      String indent = "    " + "  ".repeat(rows.get(i).depth());
      remarks(rows.get(i)).forEach(remark -> remark(page, indent, remark));
    }
  }

  /** Who may be waiting for a word that will not come. */
  private void notTold(Page page) {
    if (run.notTold().isEmpty()) {
      return;
    }
    page.blank().add(Line.of(Tone.FAINT, "Not told"));
    for (NotTold each : run.notTold()) {
      page.wrapped(
          Line.of("  "),
          Tone.WARN,
          each.channel() + ", of \"" + each.about().replace('_', ' ') + "\": " + each.why());
    }
  }

  /** What is asked below with its reason is not said twice. */
  private List<Line> remarks(StepRow row) {
    boolean isAsked =
        run.waiting().stream().anyMatch(waiting -> waiting.step().equals(row.step().path()));
    return isAsked ? List.of() : row.remarks();
  }

  private static void remark(Page page, String indent, Line remark) {
    page.wrapped(
        Line.of(indent),
        remark.pieces().isEmpty() ? Tone.PLAIN : remark.pieces().get(0).tone(),
        remark.text(false));
  }

  Table table(Look look, List<StepRow> rows) {
    Table table = new Table(look, "  ", 0);
    rows.forEach(row -> table.row(row.cells(look, now)));
    return table;
  }

  /** How it ended, and what to do next. */
  void ending(Page page) {
    Look look = page.look();
    Line head =
        Mark.of(run.state())
            .line(look)
            .and(" ")
            .and(Mark.of(run.state()).tone(), endWord())
            .and(". ");
    page.wrapped(head, Tone.PLAIN, run.outcome() == null ? "" : run.outcome());
    if (run.state() == RunState.INTERRUPTED) {
      page.wrapped("  ", "What was under way may have happened: look before you act.");
    }
    if (run.wasRefused()) {
      page.wrapped("  ", "Nothing was touched, and nobody was told of it.");
    }
    followUps(page);
    page.blank();
    String id = RunNames.prefix(run.runId());
    Table next = new Table(look, "  ", 1);
    if (run.canBeGoneOnWith()) {
      next.row(
          Line.of(Tone.STRONG, "backout resume " + id),
          Line.of(Tone.FAINT, "go on from where it stopped"));
    }
    next.row(
        Line.of(Tone.STRONG, "backout history " + id),
        Line.of(Tone.FAINT, "what happened, and when"));
    next.row(
        Line.of(Tone.STRONG, "backout postmortem " + id + " -o report.html"),
        Line.of(Tone.FAINT, "the report to start from"));
    page.add(look.isWide() ? next.cut() : List.of())
        .add(look.isWide() ? List.of() : narrowNext(id, look));
  }

  /** The command that goes on with a run that has stopped. */
  static Line goingOn(RunStatus run) {
    return Line.of("  ")
        .and(Tone.STRONG, "backout resume " + RunNames.prefix(run.runId()))
        .and(Tone.FAINT, "  go on from where it stopped");
  }

  private List<Line> narrowNext(String id, Look look) {
    Page page = new Page(look);
    if (run.canBeGoneOnWith()) {
      page.command("  ", "backout resume " + id);
    }
    return page.command("  ", "backout history " + id)
        .command("  ", "backout postmortem " + id + " -o report.html")
        .lines();
  }

  private String endWord() {
    String word = RunNames.word(run.state());
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  private static String by(DueFollowUp due, Look look) {
    return "by " + Times.moment(due.dueAt(), look.zone());
  }

  private void followUps(Page page) {
    if (run.followUps().isEmpty()) {
      return;
    }
    page.blank().add(Line.of(Tone.FAINT, "Still to do"));
    if (!page.look().isWide()) {
      run.followUps().forEach(due -> page.wrapped("  ", by(due, page.look()) + ": " + due.name()));
      return;
    }
    Table table = new Table(page.look(), "  ", 1);
    run.followUps().forEach(due -> table.row(Line.of(by(due, page.look())), Line.of(due.name())));
    page.add(table.wrapped());
  }
}
