package dev.backout.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.Chronicle;
import dev.backout.history.UndoPlan;
import io.temporal.workflow.WorkflowInfo;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a run takes along into a new history. Only the run itself writes it: where the server
 * doesn't say that a history continues another, it is passed over.
 *
 * @param admission what let the run begin; null in runs of releases that didn't ask
 * @param channels whom the worker tells what happens
 * @param told how much was told so far
 * @param next the id of the step that comes next
 * @param gained what the steps so far have left behind, in their order
 * @param undo what of child runbooks can be taken back, by their step's path
 * @param taken the ids of decisions that have come in
 * @param decisions those that counted, as they came, with their signatures
 */
public record Continuation(
    Chronicle chronicle,
    @Nullable Admission admission,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Channel> channels,
    int told,
    String next,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Gained> gained,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, UndoPlan> undo,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) Set<String> taken,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Decision> decisions) {

  public Continuation {
    channels = channels == null ? List.of() : channels;
    gained = gained == null ? List.of() : gained;
    undo = undo == null ? Map.of() : undo;
    taken = taken == null ? Set.of() : taken;
    decisions = decisions == null ? List.of() : decisions;
  }

  /** What a step has left behind. */
  public record Gained(String id, boolean done, @Nullable JsonNode outputs) {}

  static Optional<Continuation> of(RunRequest request, WorkflowInfo info) {
    return info.getContinuedExecutionRunId().isPresent()
        ? Optional.ofNullable(request.continues())
        : Optional.empty();
  }
}
