package dev.backout.proof;

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
    List<Finding> findings) {}
