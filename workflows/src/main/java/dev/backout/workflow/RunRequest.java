package dev.backout.workflow;

import dev.backout.plan.ExecutionPlan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The input of a run.
 *
 * @param startedBy who started it, as they say
 * @param reason why, if they said
 * @param incidentAt when the incident began, from which the RTO counts; null for the start of the
 *     run
 * @param searchAttributes whether the namespace has Backout's search attributes, so that upserts
 *     don't fail the run
 */
public record RunRequest(
    ExecutionPlan plan,
    String startedBy,
    @Nullable String reason,
    @Nullable Instant incidentAt,
    boolean searchAttributes) {}
