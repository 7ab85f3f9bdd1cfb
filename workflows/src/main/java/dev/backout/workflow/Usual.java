package dev.backout.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.backout.history.KnownSkips;
import dev.backout.history.Prediction;
import dev.backout.history.Prediction.Basis;
import dev.backout.plan.ExecutionPlan;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the steps of a runbook took in enough earlier runs, and which of them won't run.
 *
 * @param steps by the path, without people; nine of ten took no longer
 * @param skipped the paths of those that are sure to be skipped, so that they take no time
 */
public record Usual(
    Map<String, Duration> steps, @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> skipped) {

  /** As with a plan: another mapper than ours leaves out what is empty, and runs began without. */
  public Usual {
    skipped = skipped == null ? List.of() : skipped;
  }

  public Usual(Map<String, Duration> steps) {
    this(steps, List.of());
  }

  /** Those of which enough runs tell. */
  public static Usual of(Prediction prediction, ExecutionPlan plan) {
    Map<String, Duration> steps = new LinkedHashMap<>();
    for (Prediction.OfStep step : prediction.steps()) {
      if (step.basis() == Basis.RUNS && step.took() != null) {
        steps.put(step.path(), step.took().p90());
      }
    }
    return new Usual(steps, List.copyOf(KnownSkips.of(plan)));
  }

  /** Nothing but what won't run; empty where all may. */
  public static Optional<Usual> ofSkips(ExecutionPlan plan) {
    List<String> skipped = List.copyOf(KnownSkips.of(plan));
    return skipped.isEmpty() ? Optional.empty() : Optional.of(new Usual(Map.of(), skipped));
  }
}
