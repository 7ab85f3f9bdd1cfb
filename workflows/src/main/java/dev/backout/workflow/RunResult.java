package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.UndoPlan;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended. A run that failed or was stopped completes with this too: Temporal's own failure
 * is kept for bugs.
 *
 * @param outcome one sentence
 * @param outputs the runbook's declared outputs
 * @param by the person who ended it; null if none did
 * @param undo of a child runbook, what of it can be taken back; else null
 * @param takeBack of a child runbook, whether all that the run has done is to be taken back; null
 *     for no
 */
public record RunResult(
    RunState state,
    String outcome,
    Map<String, JsonNode> outputs,
    @Nullable String by,
    @Nullable UndoPlan undo,
    @Nullable Boolean takeBack) {}
