package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.StepCall;
import java.util.Optional;

/**
 * What a step leaves on an object that it changes, so that a repetition knows what was before the
 * first attempt, on whatever worker that was: the name under which the API server notes the change.
 */
final class Mark {
  private static final int LONGEST = 100;
  private static final String FROM = "-from-";

  private Mark() {}

  static String of(StepCall call) {
    String name = "backout-" + call.label();
    return name.substring(0, Math.min(LONGEST, name.length()));
  }

  /** The same, with how many replicas there were. */
  static String of(StepCall call, int formerReplicas) {
    return of(call) + FROM + formerReplicas;
  }

  /** How many replicas there were before an earlier attempt of the step; empty if none is noted. */
  static Optional<Integer> formerReplicas(JsonNode object, StepCall call) {
    String prefix = of(call) + FROM;
    for (JsonNode entry : object.path("metadata").path("managedFields")) {
      String manager = entry.path("manager").asText();
      if (manager.startsWith(prefix)) {
        return Optional.of(Integer.valueOf(manager.substring(prefix.length())));
      }
    }
    return Optional.empty();
  }
}
