package dev.backout.client;

import dev.backout.archive.RunSummary;
import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.Resumption;
import dev.backout.history.ResumptionReader;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.Timeline;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The history of a run with those of the child runbooks that it called, read as one record. */
final class RunRecord {
  private final RunDirectory runs;
  private final Map<String, WorkflowExecutionHistory> children = new LinkedHashMap<>();

  RunRecord(RunDirectory runs) {
    this.runs = runs;
  }

  Timeline read(RunSummary run) {
    WorkflowExecutionHistory history = runs.history(run);
    collectChildren(history);
    return new HistoryReader(Payloads.CONVERTER)
        .read(history, children, run.state() == RunState.INTERRUPTED);
  }

  /** With what happened in the runs that it goes on from, as far as they are at hand. */
  Timeline readWhole(RunSummary run) {
    Timeline own = read(run);
    return former(run, own.status())
        .map(each -> own.after(new RunRecord(runs).readWhole(each)))
        .orElse(own);
  }

  /** With those of the runs that it goes on from, as far as they are at hand. */
  List<WorkflowExecutionHistory> wholeHistories(RunSummary run) {
    List<WorkflowExecutionHistory> all = new ArrayList<>(histories(run));
    former(run, read(run).status())
        .ifPresent(each -> all.addAll(new RunRecord(runs).wholeHistories(each)));
    return all;
  }

  private Optional<RunSummary> former(RunSummary run, RunStatus status) {
    String former = status.resumes();
    return former == null
        ? Optional.empty()
        : runs.list().stream()
            .filter(
                each -> each.runId().equals(former) && each.startedAt().isBefore(run.startedAt()))
            .findFirst();
  }

  Resumption resumption(RunSummary run) {
    WorkflowExecutionHistory history = runs.history(run);
    collectChildren(history);
    return new ResumptionReader(Payloads.CONVERTER, children).read(history);
  }

  /** The run's own first, of one that has more than one the oldest first. */
  List<WorkflowExecutionHistory> histories(RunSummary run) {
    WorkflowExecutionHistory history = runs.history(run);
    collectChildren(history);
    List<WorkflowExecutionHistory> all = new ArrayList<>(runs.before(history, run.workflowId()));
    all.add(history);
    children.values().stream().filter(child -> !HistoryReader.isOfTelling(child)).forEach(all::add);
    return all;
  }

  /** Of a run that was ended from outside, child runbooks may still be at their end. */
  List<RunSummary> childrenUnderWay(RunSummary run) {
    return runs.list().stream()
        .filter(each -> run.runId().equals(each.parentRunId()) && !each.state().isFinal())
        .toList();
  }

  private void collectChildren(WorkflowExecutionHistory history) {
    new HistoryReader(Payloads.CONVERTER).childrenOf(history).forEach(this::collect);
  }

  private void collect(WorkflowExecution child) {
    runs.historyIfKept(child.getWorkflowId(), child.getRunId())
        .ifPresent(
            history -> {
              children.put(child.getWorkflowId(), history);
              collectChildren(history);
            });
  }
}
