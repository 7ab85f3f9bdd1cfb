package dev.backout.workflow;

import org.jspecify.annotations.Nullable;

/**
 * What a worker is asked before a run begins: may it?
 *
 * @param namespace the Temporal namespace
 * @param startedBy who started it, as they say
 * @param signature what proves that; null for a bare name
 */
public record AdmissionRequest(
    String namespace,
    String workflowId,
    String runId,
    String kind,
    String target,
    String planDigest,
    String startedBy,
    @Nullable StartSignature signature) {}
