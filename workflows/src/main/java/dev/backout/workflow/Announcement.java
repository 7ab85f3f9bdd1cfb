package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.history.Elapsed;
import dev.backout.history.RunEvent;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.StatusFold;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.Json;
import dev.backout.runbook.Occasion;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something of a run that is told outside. Holds nothing that isn't in the run's history, and so no
 * secret.
 *
 * @param summary one sentence for people
 * @param step its path; null for the run as a whole
 * @param asks who is asked by it: {@code group:oncall}
 * @param more what there is to it besides
 */
record Announcement(
    Occasion occasion,
    Instant at,
    String summary,
    @Nullable String step,
    List<String> asks,
    ObjectNode more) {

  static Announcement started(StatusFold fold, @Nullable String reason) {
    ExecutionPlan plan = fold.plan();
    ObjectNode more = Json.MAPPER.createObjectNode();
    if (reason != null) {
      more.put("reason", reason);
    }
    return new Announcement(
        Occasion.STARTED,
        fold.startedAt(),
        "The rollback of " + plan.target() + " has begun: " + plan.summary(),
        null,
        List.of(),
        more);
  }

  static Announcement waiting(RunEvent.Asked asked) {
    return of(
        Occasion.WAITING,
        asked.at(),
        asked.waiting(),
        asked.waiting().question(),
        asked.waiting().approvers());
  }

  static Announcement reminded(RunEvent.Reminded reminded, Waiting waiting) {
    return of(
        Occasion.REMINDED,
        reminded.at(),
        waiting,
        "Nobody has decided yet: " + waiting.question(),
        reminded.approvers());
  }

  static Announcement escalated(RunEvent.Escalated escalated, Waiting waiting) {
    return of(
        Occasion.ESCALATED,
        escalated.at(),
        waiting,
        "Nobody decided in time, so " + escalated.to() + " is asked too: " + waiting.question(),
        List.of(escalated.to()));
  }

  private static Announcement of(
      Occasion occasion, Instant at, Waiting waiting, String summary, List<String> asks) {
    ObjectNode more = Json.MAPPER.createObjectNode();
    more.set("waiting", Json.MAPPER.valueToTree(waiting));
    return new Announcement(occasion, at, summary, waiting.step(), asks, more);
  }

  static Announcement failed(Instant at, StepRun step, String failure) {
    ObjectNode more = Json.MAPPER.createObjectNode();
    more.put("failure", failure);
    more.put("then", step.step.onFailure().name().toLowerCase(java.util.Locale.ROOT));
    return new Announcement(
        Occasion.FAILED, at, "`" + step.name + "` failed: " + failure, step.path, List.of(), more);
  }

  static Announcement atRisk(RunEvent.ObjectiveAtRisk risk) {
    ObjectNode more = Json.MAPPER.createObjectNode();
    more.put("objective", risk.objective());
    return new Announcement(Occasion.AT_RISK, risk.at(), risk.why(), null, List.of(), more);
  }

  static Announcement finished(RunEvent.RunFinished end, StatusFold fold) {
    ObjectNode more = Json.MAPPER.createObjectNode();
    more.put("outcome", end.outcome());
    more.put("succeeded", end.state() == RunState.SUCCEEDED);
    more.put("tookSeconds", Elapsed.between(fold.startedAt(), end.at()).toSeconds());
    return new Announcement(
        Occasion.FINISHED,
        end.at(),
        "The rollback of "
            + fold.plan().target()
            + " has ended, "
            + word(end.state())
            + ": "
            + end.outcome(),
        null,
        List.of(),
        more);
  }

  private static String word(RunState state) {
    return state.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** The data of the event. */
  JsonNode data(StatusFold fold, String runId, String startedBy) {
    ExecutionPlan plan = fold.plan();
    ObjectNode data = Json.MAPPER.createObjectNode();
    data.put("summary", summary);
    ObjectNode run = data.putObject("run");
    run.put("runId", runId);
    run.put("workflowId", fold.workflowId());
    run.put("runbook", plan.runbook());
    run.put("kind", plan.kind());
    run.put("target", plan.target());
    run.put("planDigest", plan.digest());
    run.put("startedBy", startedBy);
    run.put("startedAt", fold.startedAt().toString());
    run.put("incidentAt", fold.incidentAt().toString());
    run.put("state", word(fold.state()));
    if (step != null) {
      data.put("step", step);
    }
    if (!asks.isEmpty()) {
      ArrayNode who = data.putArray("asks");
      asks.forEach(who::add);
    }
    data.setAll(more);
    return data;
  }
}
