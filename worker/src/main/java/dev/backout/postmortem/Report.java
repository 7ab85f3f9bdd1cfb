package dev.backout.postmortem;

import dev.backout.history.Timeline;
import dev.backout.plan.ExecutionPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a postmortem starts from. All of it comes from the record; what the record can't tell stands
 * as a question.
 *
 * @param summary one paragraph, facts only
 * @param identity what names the record, for whoever wants to check
 * @param inputs the runbook's inputs; secrets are references; empty where the plan is not known
 */
public record Report(
    String title,
    String outcome,
    boolean finished,
    String summary,
    Impact impact,
    List<Objective> objectives,
    List<Event> timeline,
    Gantt gantt,
    List<StepLine> steps,
    List<DecisionLine> decisions,
    List<Trouble> troubles,
    List<Evidence> evidence,
    List<Question> questions,
    List<FollowUp> followUps,
    Map<String, String> inputs,
    Identity identity) {

  /**
   * @param plan where it is known; without it the report lacks the inputs
   */
  public static Report of(Timeline timeline, @Nullable ExecutionPlan plan) {
    return new Composition(timeline, plan).report();
  }

  /**
   * What it cost.
   *
   * @param dataAsOf up to when the restored data is complete; null if no step said so
   * @param rowsLost as the steps counted them; null if none did
   */
  public record Impact(
      Instant from,
      @Nullable Instant until,
      @Nullable Duration took,
      @Nullable Instant dataAsOf,
      @Nullable Duration dataLost,
      @Nullable Long rowsLost,
      String time,
      String data) {}

  public record Objective(
      String name, Duration limit, @Nullable Duration actual, String verdict, String explanation) {}

  /**
   * @param since since the incident began
   * @param trouble whether it is something that went wrong
   */
  public record Event(
      Instant at,
      Duration since,
      String kind,
      @Nullable String step,
      String text,
      @Nullable Duration took,
      boolean trouble) {}

  public record StepLine(
      String path,
      String name,
      int depth,
      @Nullable String action,
      String state,
      int attempts,
      @Nullable Duration took,
      @Nullable Duration budget,
      boolean overBudget) {}

  public record DecisionLine(
      Instant at,
      String step,
      String choice,
      String by,
      @Nullable String reason,
      boolean verified) {}

  public record Trouble(@Nullable Instant at, @Nullable String step, String what) {}

  /** A file that a step names with its hash. */
  public record Evidence(String step, String file, String sha256, @Nullable String detail) {}

  /**
   * @param known what the record says about it; null where it says nothing
   */
  public record Question(String topic, String question, @Nullable String known) {}

  public record FollowUp(String name, Duration within, Instant dueAt) {}

  public record Identity(
      String runId,
      String workflowId,
      String runbook,
      String kind,
      String target,
      String planDigest,
      String startedBy) {}
}
