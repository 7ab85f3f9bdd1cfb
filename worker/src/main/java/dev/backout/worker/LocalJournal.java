package dev.backout.worker;

import dev.backout.config.StateDirectory;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The journal of this machine's own worker, as far as others may know of it. */
public final class LocalJournal {
  private final StateDirectory state;

  public LocalJournal(StateDirectory state) {
    this.state = state;
  }

  /**
   * What this journal is told from others by, if every worker that had a part in these runs wrote
   * it: what it has no note of they have not begun. Not if a run had part of its record elsewhere.
   */
  public Optional<String> ofAll(List<WorkflowExecutionHistory> runs) {
    try (SqliteJournal journal = SqliteJournal.open(state.journal())) {
      String id = journal.id();
      return runs.stream().allMatch(run -> isWhole(run, runs))
              && runs.stream()
                  .flatMap(run -> run.getEvents().stream())
                  .allMatch(event -> isOf(event, id))
          ? Optional.of(id)
          : Optional.empty();
    } catch (SQLException e) {
      return Optional.empty();
    }
  }

  /** Runs of a runbook on a target that have noted an act since then, the oldest first. */
  public List<String> runsSince(String target, String runbook, Instant since) {
    try (SqliteJournal journal = SqliteJournal.open(state.journal())) {
      return journal.runsSince(target, runbook, since);
    } catch (SQLException e) {
      return List.of();
    }
  }

  /** Whether the history that it goes on from, if there is one, is among them. */
  private static boolean isWhole(
      WorkflowExecutionHistory run, List<WorkflowExecutionHistory> runs) {
    String former =
        run.getEvents()
            .get(0)
            .getWorkflowExecutionStartedEventAttributes()
            .getContinuedExecutionRunId();
    return former.isEmpty()
        || runs.stream()
            .map(each -> each.getEvents().get(0).getWorkflowExecutionStartedEventAttributes())
            .anyMatch(each -> each.getOriginalExecutionRunId().equals(former));
  }

  private static boolean isOf(HistoryEvent event, String journal) {
    if (event.hasActivityTaskStartedEventAttributes()) {
      return WorkerIdentity.isOfJournal(
          event.getActivityTaskStartedEventAttributes().getIdentity(), journal);
    }
    return !event.hasWorkflowTaskStartedEventAttributes()
        || WorkerIdentity.isOfJournal(
            event.getWorkflowTaskStartedEventAttributes().getIdentity(), journal);
  }
}
