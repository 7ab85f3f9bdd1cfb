package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.ValueType;
import dev.backout.history.Choices;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.StatusFold;
import dev.backout.plan.PlannedStep;
import dev.backout.runbook.expression.CelValues;
import dev.backout.runbook.expression.EvaluationException;
import java.util.Optional;

/** Whether what a decision holds besides its choice makes sense. */
final class DetailsCheck {
  private DetailsCheck() {}

  /** Why not, as a sentence; empty if it does. */
  static Optional<String> refusal(Decision decision, Waiting waiting, StatusFold run) {
    if (decision.choice().equals(Choices.TICK)) {
      return item(decision, waiting);
    }
    JsonNode outputs = Details.outputs(decision);
    return decision.choice().equals(Choices.DONE) && outputs != null
        ? outputs(decision.step(), outputs, run)
        : Optional.empty();
  }

  private static Optional<String> item(Decision decision, Waiting waiting) {
    int items = waiting.items().size();
    Optional<Integer> item = Details.item(decision);
    if (item.isEmpty() || item.get() < 1 || item.get() > items) {
      return Optional.of(
          "`tick` says which item of `"
              + waiting.step()
              + "`, by its number from 1 to "
              + items
              + ".");
    }
    return waiting
        .ticked(item.get())
        .map(
            was ->
                "Item "
                    + item.get()
                    + " of `"
                    + waiting.step()
                    + "` was ticked before, by "
                    + was.by()
                    + ".");
  }

  private static Optional<String> outputs(String step, JsonNode outputs, StatusFold run) {
    ValueType.Struct types =
        run.planned(step)
            .map(planned -> PlannedStep.outputTypes(planned.work()))
            .orElseGet(() -> new ValueType.Struct(java.util.Map.of()));
    for (var output : outputs.properties()) {
      var field = types.fields().get(output.getKey());
      if (field == null) {
        return Optional.of(
            "`"
                + step
                + "` gives no `"
                + output.getKey()
                + "`: it gives "
                + (types.fields().isEmpty()
                    ? "nothing"
                    : String.join(", ", types.fields().keySet()))
                + ".");
      }
      try {
        Object ignored = CelValues.toCel(output.getValue(), field.type());
      } catch (EvaluationException e) {
        return Optional.of(
            "The output `"
                + output.getKey()
                + "` of `"
                + step
                + "` is not as the plan says: "
                + e.getMessage());
      }
    }
    return Optional.empty();
  }
}
