package dev.backout.archive;

import dev.backout.history.RunStatus.RunState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run in one line.
 *
 * @param state {@code RUNNING} for any open run: whether it waits for a person only its status
 *     tells
 * @param parentRunId of a child runbook's run; null for a run that a person started
 * @param place who still has the history
 * @param events how long the history is, in Temporal's events
 */
public record RunSummary(
    String workflowId,
    String runId,
    String runbook,
    String kind,
    String target,
    @Nullable String planDigest,
    @Nullable String startedBy,
    RunState state,
    Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable String parentRunId,
    Place place,
    long events) {

  public enum Place {
    SERVER,
    ARCHIVE
  }

  public RunSummary in(Place other, RunState truth) {
    return new RunSummary(
        workflowId,
        runId,
        runbook,
        kind,
        target,
        planDigest,
        startedBy,
        truth,
        startedAt,
        finishedAt,
        parentRunId,
        other,
        events);
  }
}
