package dev.backout.plan;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backout.catalog.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The plan of a run that takes back what another one has done. */
public final class TakeBackPlan {
  /** The input that names the other run. */
  private static final String UNDOES = "undoes";

  private TakeBackPlan() {}

  /**
   * @param former the plan of the run that is taken back
   * @param runId that run's
   * @param steps in the order in which they are carried out, each a {@link PlannedStep.TakeBack}
   */
  public static ExecutionPlan of(ExecutionPlan former, String runId, List<PlannedStep> steps) {
    ValueType.Struct nothing = new ValueType.Struct(Map.of());
    return new ExecutionPlan(
            former.version(),
            former.runbook(),
            former.kind(),
            "Take back run " + runId + ": " + former.summary(),
            former.target(),
            null,
            null,
            Map.of(UNDOES, JsonNodeFactory.instance.textNode(runId)),
            nothing,
            List.of(),
            List.of(),
            steps,
            List.of(),
            List.of(),
            former.notifications(),
            Map.of(),
            nothing,
            List.of(),
            "")
        .withDigest();
  }

  /** The run that this plan takes back; empty for any other plan. */
  public static Optional<String> undoes(ExecutionPlan plan) {
    boolean takesBack =
        !plan.steps().isEmpty()
            && plan.steps().stream().allMatch(s -> s.work() instanceof PlannedStep.TakeBack);
    return takesBack && plan.inputs().containsKey(UNDOES)
        ? Optional.of(plan.inputs().get(UNDOES).asText())
        : Optional.empty();
  }
}
