package dev.backout.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.Repeatability;
import dev.backout.catalog.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * An action with its input.
 *
 * @param with the input; strings in it may hold <code>${{ … }}</code>, rendered when the step
 *     begins
 * @param outputs the action's output type when the plan was made, so that an old run reads its
 *     results as it did then
 * @param nothingToUndo true where it leaves nothing that would have to be taken back, though it is
 *     no mere reading; null where it may
 */
public record ActionUse(
    String action,
    JsonNode with,
    Repeatability repeatability,
    ValueType.Struct outputs,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Boolean nothingToUndo) {

  public ActionUse(
      String action, JsonNode with, Repeatability repeatability, ValueType.Struct outputs) {
    this(action, with, repeatability, outputs, null);
  }

  /** Whether there is anything to take back once it is done. */
  public boolean leavesSomething() {
    return repeatability != Repeatability.READ_ONLY && !Boolean.TRUE.equals(nothingToUndo);
  }
}
