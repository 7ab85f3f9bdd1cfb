package dev.backout.cli;

import dev.backout.archive.RunSummary;
import dev.backout.client.BackoutClient;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.Timeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run, looked at again and again; its history is only read when there is more of it. */
final class RunFeed {
  private final BackoutClient client;
  private RunSummary run;
  private @Nullable Timeline timeline;
  private long events = -1;

  RunFeed(BackoutClient client, RunSummary run) {
    this.client = client;
    this.run = run;
  }

  RunSummary run() {
    return run;
  }

  Timeline now() {
    run = client.refresh(run);
    Timeline known = timeline;
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
