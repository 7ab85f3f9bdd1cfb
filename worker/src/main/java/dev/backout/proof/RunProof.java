package dev.backout.proof;

import dev.backout.history.StatusFold;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of checking one run's history.
 *
 * @param planDigest as its steps give it
 * @param events how many of Temporal's events the history has
 */
public record RunProof(
    String workflowId,
    String runId,
    String runbook,
    String target,
    String planDigest,
    boolean finished,
    int events,
    Verdict verdict,
    List<Finding> findings) {

  static RunProof of(StatusFold end, String planDigest, int events, List<Finding> findings) {
    return new RunProof(
        end.workflowId(),
        end.status().runId(),
        end.plan().runbook(),
        end.plan().target(),
        planDigest,
        end.state().isFinal(),
        events,
        Verdict.worst(findings.stream().map(Finding::verdict).toList()),
        List.copyOf(findings));
  }

  /** With what its own history can't give. */
  RunProof with(List<Finding> more) {
    List<Finding> all = new ArrayList<>(findings);
    all.addAll(more);
    return new RunProof(
        workflowId,
        runId,
        runbook,
        target,
        planDigest,
        finished,
        events,
        Verdict.worst(all.stream().map(Finding::verdict).toList()),
        List.copyOf(all));
  }

  /** What ends where another history of the run begins is whole. */
  RunProof goingOn() {
    return new RunProof(
        workflowId, runId, runbook, target, planDigest, true, events, verdict, findings);
  }
}
