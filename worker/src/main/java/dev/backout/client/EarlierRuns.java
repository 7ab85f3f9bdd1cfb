package dev.backout.client;

import dev.backout.archive.RunSummary;
import dev.backout.history.RunStatus;
import java.util.ArrayList;
import java.util.List;

/** Runs of a runbook that have ended. */
final class EarlierRuns {
  /** Older ones say little of how it goes today. */
  private static final int NEWEST = 50;

  private EarlierRuns() {}

  /** Newest first; without those whose record can't be read. */
  static List<RunStatus> of(BackoutClient client, String runbook) {
    List<RunStatus> earlier = new ArrayList<>();
    for (RunSummary run : client.runs()) {
      if (earlier.size() < NEWEST && run.runbook().equals(runbook) && run.state().isFinal()) {
        read(client, run, earlier);
      }
    }
    return List.copyOf(earlier);
  }

  private static void read(BackoutClient client, RunSummary run, List<RunStatus> into) {
    try {
      into.add(client.timeline(run).status());
    } catch (UnknownRunException | IllegalArgumentException e) {
      // It tells nothing, then.
    }
  }
}
