package dev.backout.workflow;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker is asked about a decision: who is it, and may they?
 *
 * @param signature an armoured SSH signature over {@link DecisionStatement#bytes}; null for a bare
 *     name
 * @param kind of the runbook
 * @param approvers who is asked at a checkpoint; empty elsewhere
 * @param starters the names of whoever started the run, as said and as proven
 * @param selfApproval whether the runbook lets them approve it
 */
public record JudgeRequest(
    DecisionStatement statement,
    @Nullable String signature,
    String kind,
    String target,
    List<String> approvers,
    List<String> starters,
    boolean selfApproval) {}
