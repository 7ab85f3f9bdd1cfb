package dev.backout.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a plan would do, as asked at one moment. */
public record PlanPreview(
    String digest,
    List<TriggerPreview> triggers,
    List<StepPreview> preflight,
    List<StepPreview> steps,
    @JsonProperty("finally") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<StepPreview> lastly) {

  /**
   * @param holds whether it is the time for this runbook; null if it couldn't be asked
   * @param explanation what was found, or why it couldn't be asked
   */
  public record TriggerPreview(String name, @Nullable Boolean holds, String explanation) {}
}
