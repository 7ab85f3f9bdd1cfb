package dev.backout.cli.view;

import dev.backout.archive.RunSummary;
import dev.backout.history.Elapsed;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import java.time.Instant;
import java.util.List;

/** Runs, newest first. */
public final class RunsView {
  private final List<RunSummary> runs;
  private final List<RunStatus> stopped;
  private final Instant now;

  /**
   * @param stopped those of them that a new run can go on from
   */
  public RunsView(List<RunSummary> runs, List<RunStatus> stopped, Instant now) {
    this.runs = runs;
    this.stopped = stopped;
    this.now = now;
  }

  public Page page(Look look) {
    Page page = new Page(look);
    if (runs.isEmpty()) {
      return page.wrapped("", "There is no run yet: backout run FILE starts one.");
    }
    Table table = new Table(look, "", look.isWide() ? 2 : 1);
    if (look.isWide()) {
      table.heading("run", "state", "runbook", "target", "started", "took");
    } else {
      table.heading("run", "target", "state");
    }
    runs.forEach(run -> table.row(look.isWide() ? wide(run) : narrow(run)));
    page.add(table.cut());
    if (!stopped.isEmpty()) {
      page.blank();
      stopped.forEach(run -> page.add(StatusView.goingOn(run).cut(look.width(), look)));
    }
    return page;
  }

  private Line[] wide(RunSummary run) {
    return new Line[] {
      Line.of(RunNames.prefix(run.runId())),
      state(run.state()),
      Line.of(run.runbook()),
      Line.of(run.target()),
      Line.of(Tone.FAINT, Times.took(Elapsed.between(run.startedAt(), now)) + " ago"),
      Line.of(
          run.finishedAt() == null
              ? ""
              : Times.took(Elapsed.between(run.startedAt(), run.finishedAt())))
    };
  }

  private static Line[] narrow(RunSummary run) {
    return new Line[] {
      Line.of(RunNames.prefix(run.runId())), Line.of(run.target()), state(run.state())
    };
  }

  private static Line state(RunState state) {
    return Line.of(
        Mark.of(state).tone(), state == RunState.RUNNING ? "under way" : RunNames.word(state));
  }
}
