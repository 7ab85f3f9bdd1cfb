package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.Json;
import dev.backout.plan.PlannedStep;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a run needs to know what a step gave. A step that has happened, and of which nobody knows
 * the outputs, can only be passed over without a person where nothing refers to them.
 */
final class OutputsNeeded {
  private OutputsNeeded() {}

  /** Errs on the side of asking: the same id in a child runbook counts too. */
  static boolean of(PlannedStep step, ExecutionPlan plan) {
    if (!step.expect().isEmpty() || mentions(step.undo(), Pattern.compile("\\boutputs\\b"))) {
      return true;
    }
    Pattern outputs =
        Pattern.compile(
            "\\bsteps\\s*(\\.\\s*|\\[\\s*[\"'])"
                + Pattern.quote(step.id())
                + "\\b.{0,8}\\boutputs\\b");
    return mentions(plan.steps(), outputs)
        || mentions(plan.lastly(), outputs)
        || mentions(plan.outputs(), outputs)
        || mentions(plan.preflight(), outputs);
  }

  private static boolean mentions(@Nullable Object part, Pattern what) {
    return part != null && mentions(Json.MAPPER.<JsonNode>valueToTree(part), what);
  }

  private static boolean mentions(JsonNode json, Pattern what) {
    if (json.isTextual()) {
      return what.matcher(json.textValue()).find();
    }
    for (JsonNode child : json) {
      if (mentions(child, what)) {
        return true;
      }
    }
    return false;
  }
}
