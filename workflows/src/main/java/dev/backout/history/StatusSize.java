package dev.backout.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.history.RunStatus.StepStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A status that a server carries in one piece, however long the run is. */
public final class StatusSize {
  private static final int MOST_OUTPUTS = 512 * 1024;
  private static final int SMALL = 512;

  private StatusSize() {}

  /** How the run stands, and nothing of its steps. */
  public static RunStatus outline(RunStatus run) {
    return run.withPreflight(List.of())
        .withSteps(List.of())
        .withUndo(List.of())
        .withLastly(List.of());
  }

  /**
   * The same; where the outputs of all steps are too much, those that aren't small say instead
   * where they are.
   */
  public static RunStatus bounded(RunStatus run) {
    long all =
        length(run.preflight()) + length(run.steps()) + length(run.undo()) + length(run.lastly());
    return all <= MOST_OUTPUTS
        ? run
        : run.withPreflight(small(run.preflight()))
            .withSteps(small(run.steps()))
            .withUndo(small(run.undo()))
            .withLastly(small(run.lastly()));
  }

  private static long length(List<StepStatus> steps) {
    return steps.stream().mapToLong(s -> length(s.outputs()) + length(s.children())).sum();
  }

  private static int length(@Nullable JsonNode outputs) {
    return outputs == null ? 0 : outputs.toString().length();
  }

  private static List<StepStatus> small(List<StepStatus> steps) {
    return steps.stream().map(StatusSize::small).toList();
  }

  private static StepStatus small(StepStatus step) {
    JsonNode outputs = step.outputs();
    int length = length(outputs);
    return step.withChildren(small(step.children()))
        .withOutputs(
            length <= SMALL
                ? outputs
                : JsonNodeFactory.instance
                    .objectNode()
                    .put(
                        "leftOut",
                        length + " characters: the history has them, while the run goes on too"));
  }
}
