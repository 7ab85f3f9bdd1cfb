package dev.backout.cli;

import dev.backout.cli.view.Look;
import dev.backout.cli.view.TimelineView;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.Timeline;
import dev.backout.history.Timeline.Entry;
import java.util.HashSet;
import java.util.Set;

/** A run as one line for each event: for pipes, logs and scripts. */
final class EventLines {
  private static final long PAUSE_MILLIS = 50;

  private final RunFeed feed;
  private final BackoutCommand command;
  private final boolean isPrinting;
  private final Set<Entry> printed = new HashSet<>();
  private final Set<String> asked = new HashSet<>();

  EventLines(RunFeed feed, BackoutCommand command, boolean isPrinting) {
    this.feed = feed;
    this.command = command;
    this.isPrinting = isPrinting;
  }

  /** Until the run ends or, if that is wanted, waits for a person. */
  RunStatus print(boolean untilWaiting) throws InterruptedException {
    while (true) {
      Timeline timeline = feed.now();
      RunStatus run = timeline.status();
      if (isPrinting) {
        print(timeline);
      }
      if (run.state().isFinal() || (untilWaiting && run.state() == RunState.WAITING)) {
        return run;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
  }

  private void print(Timeline timeline) {
    Look look = command.look();
    // By value and not by place: the entries of child runbooks come in between.
    timeline.entries().stream()
        .filter(printed::add)
        .forEach(
            entry -> command.out().println(TimelineView.event(entry, look).text(look.colour())));
    for (Waiting waiting : timeline.status().waiting()) {
      if (asked.add(waiting.step() + waiting.since() + waiting.approvers())) {
        command
            .out()
            .println(TimelineView.asked(timeline.status(), waiting, look).text(look.colour()));
      }
    }
    command.out().flush();
  }
}
