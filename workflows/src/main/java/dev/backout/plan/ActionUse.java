package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.Repeatability;
import dev.backout.catalog.ValueType;

/**
 * An action with its input.
 *
 * @param with the input; strings in it may hold <code>${{ … }}</code>, rendered when the step
 *     begins
 * @param outputs the action's output type when the plan was made, so that an old run reads its
 *     results as it did then
 */
public record ActionUse(
    String action, JsonNode with, Repeatability repeatability, ValueType.Struct outputs) {}
