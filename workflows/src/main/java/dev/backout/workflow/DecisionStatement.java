package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.Facts;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.plan.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a person signs who decides: nothing of it can be used for another run, plan, step or
 * attempt, nor once the facts that were shown have changed.
 *
 * @param type what is signed, so that no signature for something else can pass for this
 * @param namespace the Temporal namespace
 * @param runId of the run, or of the child runbook, whose step it is
 * @param step the step's path in that run; empty for the run as a whole
 * @param attempt which execution of the step waits; 0 where none has begun
 * @param facts {@code sha256:…} of what was shown; empty for the run as a whole
 * @param details what the decision holds besides, such as the item of a checklist; null for nothing
 * @param at when they signed, by their own clock
 */
public record DecisionStatement(
    String type,
    String namespace,
    String workflowId,
    String runId,
    String planDigest,
    String step,
    int attempt,
    String facts,
    String id,
    String choice,
    String by,
    @Nullable String reason,
    @Nullable JsonNode details,
    Instant at) {
  public static final String TYPE = "backout/decision/v1";

  /**
   * What is to be signed for a decision, as the run stands.
   *
   * @param run the run itself, not as one that has called it tells of it
   * @throws IllegalArgumentException without a time
   */
  public static DecisionStatement of(Decision decision, String namespace, RunStatus run) {
    Instant at = decision.at();
    if (at == null) {
      throw new IllegalArgumentException("a decision that is signed says when");
    }
    Optional<Waiting> waiting =
        run.waiting().stream().filter(each -> each.step().equals(decision.step())).findFirst();
    return new DecisionStatement(
        TYPE,
        namespace,
        run.workflowId(),
        run.runId(),
        run.planDigest(),
        decision.step(),
        attempt(run, decision.step()),
        waiting.map(DecisionStatement::facts).orElse(""),
        decision.id(),
        decision.choice(),
        decision.by(),
        decision.reason(),
        decision.details(),
        at);
  }

  /** The same, of the plan with this digest. */
  public DecisionStatement ofPlan(String digest) {
    return new DecisionStatement(
        type,
        namespace,
        workflowId,
        runId,
        digest,
        step,
        attempt,
        facts,
        id,
        choice,
        by,
        reason,
        details,
        at);
  }

  /** What is signed: canonical JSON, the same on every machine. */
  public byte[] bytes() {
    return Json.canonical(this).getBytes(StandardCharsets.UTF_8);
  }

  /** {@code sha256:…} over what somebody is shown who has to decide. */
  public static String facts(Waiting waiting) {
    return Facts.of(waiting);
  }

  private static int attempt(RunStatus run, String path) {
    for (List<StepStatus> steps : List.of(run.preflight(), run.steps(), run.undo())) {
      Optional<StepStatus> found = find(steps, path);
      if (found.isPresent()) {
        return found.get().attempt();
      }
    }
    return 0;
  }

  private static Optional<StepStatus> find(List<StepStatus> steps, String path) {
    for (StepStatus step : steps) {
      Optional<StepStatus> found =
          step.path().equals(path) ? Optional.of(step) : find(step.children(), path);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }
}
