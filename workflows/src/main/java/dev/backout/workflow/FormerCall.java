package dev.backout.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A step that former runs may have carried out.
 *
 * @param action what it does
 * @param attempts by the former run's id, its first attempt of which nobody knows what came; later
 *     ones of the same run count too
 * @param known former runs of which it is known, but for these attempts, what they did
 * @param unseenSince from when on a run that no record tells of may have carried it out; null where
 *     there is none
 * @param journal the one that every worker wrote which had a part in these runs, so that what it
 *     has no note of has not begun; null if nobody knows of one
 */
public record FormerCall(
    String runbook,
    String target,
    String step,
    String action,
    Map<String, Integer> attempts,
    List<String> known,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant unseenSince,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String journal) {

  /** One of the attempts. */
  public StepCall attempt(Map.Entry<String, Integer> one) {
    return new StepCall(one.getKey(), runbook, target, step, one.getValue());
  }
}
