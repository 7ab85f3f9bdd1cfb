package dev.backout.workflow;

import dev.backout.history.Prediction;
import dev.backout.history.Prediction.Basis;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the steps of a runbook took in enough earlier runs.
 *
 * @param steps by the path, without people; nine of ten took no longer
 */
public record Usual(Map<String, Duration> steps) {

  /** Those of which enough runs tell. */
  public static Usual of(Prediction prediction) {
    Map<String, Duration> steps = new LinkedHashMap<>();
    for (Prediction.OfStep step : prediction.steps()) {
      if (step.basis() == Basis.RUNS && step.took() != null) {
        steps.put(step.path(), step.took().p90());
      }
    }
    return new Usual(steps);
  }
}
