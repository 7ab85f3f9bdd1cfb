package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunStatus.RunState;
import java.util.Map;

/**
 * How a run ended. A run that failed or was stopped completes with this too: Temporal's own failure
 * is kept for bugs.
 *
 * @param outcome one sentence
 * @param outputs the runbook's declared outputs
 */
public record RunResult(RunState state, String outcome, Map<String, JsonNode> outputs) {}
