package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.client.BackoutClient;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.Timeline;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A run, looked at again and again; its history is only read when there is more of it. As long as
 * nothing happens the server is asked less and less often.
 */
final class RunFeed {
  private static final long SHORTEST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 400;

  private final BackoutClient client;
  private RunSummary run;
  private @Nullable Timeline timeline;
  private long events = -1;
  private long pauseMillis = SHORTEST_PAUSE_MILLIS;
  private long nextLook;

  RunFeed(BackoutClient client, RunSummary run) {
    this.client = client;
    this.run = run;
  }

  RunSummary run() {
    return run;
  }

  /** As it was seen a moment ago. */
  Timeline now() {
    Timeline known = timeline;
    if (known != null && System.nanoTime() - nextLook < 0) {
      return known;
    }
    Timeline found = look(known);
    pauseMillis =
        known != null && found.entries().size() == known.entries().size()
            ? Math.min(pauseMillis * 5 / 4, LONGEST_PAUSE_MILLIS)
            : SHORTEST_PAUSE_MILLIS;
    nextLook = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pauseMillis);
    return found;
  }

  private Timeline look(@Nullable Timeline known) {
    run = client.refresh(run);
    // A child runbook has a history of its own, which this run's length says nothing of.
    if (known != null && run.events() == events && !hasChildren(known)) {
      return known;
    }
    events = run.events();
    Timeline read = client.timeline(run);
    timeline = read;
    return read;
  }

  private static boolean hasChildren(Timeline timeline) {
    RunStatus run = timeline.status();
    return !run.state().isFinal() && (hasChildren(run.steps()) || hasChildren(run.lastly()));
  }

  private static boolean hasChildren(List<StepStatus> steps) {
    return steps.stream()
        .anyMatch(
            step ->
                (step.childRunId() != null && step.finishedAt() == null)
                    || hasChildren(step.children()));
  }
}
