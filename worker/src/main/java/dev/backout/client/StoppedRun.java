package dev.backout.client;

import dev.backout.archive.RunSummary;
import dev.backout.history.Resumption;
import dev.backout.history.RunStatus;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.TakeBackPlan;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A run that has stopped on its way, and what a new one can take over from it.
 *
 * @param histories its own, then those of its child runbooks
 * @param underWay runs of its child runbooks that have not ended
 * @param takenBackBy the newest run that took back some of it
 * @param resumedBy the newest run that went on from it
 * @param since other runs of the target that began after it
 */
public record StoppedRun(
    RunSummary run,
    ExecutionPlan plan,
    RunStatus status,
    Resumption resumption,
    List<WorkflowExecutionHistory> histories,
    List<RunSummary> underWay,
    Optional<RunSummary> takenBackBy,
    Optional<RunSummary> resumedBy,
    List<RunSummary> since) {

  static StoppedRun read(BackoutClient client, RunRecord record, RunSummary run) {
    ExecutionPlan plan =
        FormerRun.plan(client.history(run))
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "The history of run " + run.runId() + " doesn't say what was planned."));
    Resumption resumption = record.resumption(run);
    Optional<RunSummary> takenBackBy = Optional.empty();
    Optional<RunSummary> resumedBy = Optional.empty();
    List<RunSummary> since = new ArrayList<>();
    for (RunSummary later : FormerRun.later(client, run)) {
      Optional<String> undoes = FormerRun.plan(client.history(later)).flatMap(TakeBackPlan::undoes);
      if (undoes.equals(Optional.of(run.runId()))) {
        takenBackBy = takenBackBy.or(() -> Optional.of(later));
      } else if (FormerRun.goesOnFrom(run, client.timeline(later).status())) {
        resumedBy = resumedBy.or(() -> Optional.of(later));
      } else {
        since.add(later);
      }
    }
    return new StoppedRun(
        run,
        plan,
        client.timeline(run).status(),
        resumption,
        record.histories(run),
        record.childrenUnderWay(run),
        takenBackBy,
        resumedBy,
        List.copyOf(since));
  }
}
