package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunStatus.RunState;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended. A run that failed or was stopped completes with this too: Temporal's own failure
 * is kept for bugs.
 *
 * @param outcome one sentence
 * @param outputs the runbook's declared outputs
 * @param by the person who ended it; null if none did
 */
public record RunResult(
    RunState state, String outcome, Map<String, JsonNode> outputs, @Nullable String by) {}
