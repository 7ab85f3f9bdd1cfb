package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** What came of one go at a step, already in the log. */
sealed interface StepResult {

  record Done(@Nullable JsonNode outputs) implements StepResult {}

  /** Its condition does not hold. */
  record Skipped() implements StepResult {}

  record Failed(String failure) implements StepResult {}

  /** It may have happened. */
  record InDoubt(String failure) implements StepResult {}

  /** The run is to end, and the step with it. */
  record Ended() implements StepResult {}
}
