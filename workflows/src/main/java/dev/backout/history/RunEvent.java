package dev.backout.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened in a run: what status and timeline are made of. The workflow produces
 * them live; {@link HistoryReader} produces the same ones from a history. What Temporal does not
 * record by itself stands in the history as a marker that holds the event as JSON, so a name or a
 * field of these is never changed once released.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
  @JsonSubTypes.Type(value = RunEvent.RunStarted.class, name = "runStarted"),
  @JsonSubTypes.Type(value = RunEvent.Admitted.class, name = "admitted"),
  @JsonSubTypes.Type(value = RunEvent.StepStarted.class, name = "stepStarted"),
  @JsonSubTypes.Type(value = RunEvent.StepDone.class, name = "stepDone"),
  @JsonSubTypes.Type(value = RunEvent.StepFailed.class, name = "stepFailed"),
  @JsonSubTypes.Type(value = RunEvent.StepInDoubt.class, name = "stepInDoubt"),
  @JsonSubTypes.Type(value = RunEvent.DoubtExamined.class, name = "doubtExamined"),
  @JsonSubTypes.Type(value = RunEvent.StepSkipped.class, name = "stepSkipped"),
  @JsonSubTypes.Type(value = RunEvent.TakenOver.class, name = "takenOver"),
  @JsonSubTypes.Type(value = RunEvent.Retrying.class, name = "retrying"),
  @JsonSubTypes.Type(value = RunEvent.NotYet.class, name = "notYet"),
  @JsonSubTypes.Type(value = RunEvent.Expanded.class, name = "expanded"),
  @JsonSubTypes.Type(value = RunEvent.ChildStarted.class, name = "childStarted"),
  @JsonSubTypes.Type(value = RunEvent.Asked.class, name = "asked"),
  @JsonSubTypes.Type(value = RunEvent.Escalated.class, name = "escalated"),
  @JsonSubTypes.Type(value = RunEvent.Reminded.class, name = "reminded"),
  @JsonSubTypes.Type(value = RunEvent.Told.class, name = "told"),
  @JsonSubTypes.Type(value = RunEvent.NotTold.class, name = "notTold"),
  @JsonSubTypes.Type(value = RunEvent.Decided.class, name = "decided"),
  @JsonSubTypes.Type(value = RunEvent.DecisionRefused.class, name = "decisionRefused"),
  @JsonSubTypes.Type(value = RunEvent.Withdrawn.class, name = "withdrawn"),
  @JsonSubTypes.Type(value = RunEvent.OverBudget.class, name = "overBudget"),
  @JsonSubTypes.Type(value = RunEvent.ObjectiveAtRisk.class, name = "objectiveAtRisk"),
  @JsonSubTypes.Type(value = RunEvent.UndoStarted.class, name = "undoStarted"),
  @JsonSubTypes.Type(value = RunEvent.RunFinished.class, name = "runFinished")
})
public sealed interface RunEvent {

  Instant at();

  /** Events that concern one step. */
  sealed interface OfStep extends RunEvent {
    /** The step's path. */
    String step();
  }

  /**
   * @param incidentAt from when the RTO counts
   * @param resumes the former run that this one goes on from; null for none
   */
  record RunStarted(
      Instant at,
      String workflowId,
      String runId,
      ExecutionPlan plan,
      String startedBy,
      @Nullable String reason,
      Instant incidentAt,
      @Nullable Resumption resumes)
      implements RunEvent {}

  /** The worker's policy let the run begin, or didn't. */
  record Admitted(Instant at, RunStatus.Admission admission) implements RunEvent {}

  /**
   * An execution of a step began.
   *
   * @param name the rendered name
   * @param attempt which execution, counted from 1
   */
  record StepStarted(Instant at, String step, String name, int attempt) implements OfStep {}

  record StepDone(Instant at, String step, @Nullable JsonNode outputs) implements OfStep {}

  /** It is known that it failed. */
  record StepFailed(Instant at, String step, String failure) implements OfStep {}

  /** It may or may not have happened, and must not be repeated blindly. */
  record StepInDoubt(Instant at, String step, String failure) implements OfStep {}

  /**
   * Somebody or something was asked whether a step in doubt has happened.
   *
   * @param said what was found, as sentences
   */
  record DoubtExamined(Instant at, String step, Source source, Finding finding, String said)
      implements OfStep {

    public enum Source {
      /** What the worker wrote down before and after the act. */
      JOURNAL,
      /** A read-only look at the system. */
      PROBE
    }

    public enum Finding {
      DONE,
      FAILED,
      NOT_DONE,
      UNDER_WAY,
      UNKNOWN
    }
  }

  record StepSkipped(Instant at, String step, String name, String why) implements OfStep {}

  /**
   * A step is as a former run left it, and is not carried out again.
   *
   * @param runId of the run in which it was carried out
   * @param how in doubt is one that is settled before anything else is done about it
   * @param decisions that were taken about it there
   */
  record TakenOver(
      Instant at,
      String step,
      String name,
      String runId,
      Resumption.How how,
      int attempt,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable JsonNode outputs,
      List<TakenDecision> decisions)
      implements OfStep {}

  /** A step that is safe to repeat will be tried again. */
  record Retrying(Instant at, String step, int nextAttempt, Duration in) implements OfStep {}

  /** A {@code wait} asked its probe and could not get an answer. */
  record NotYet(Instant at, String step, String failure) implements OfStep {}

  /** An {@code each} knows its elements. */
  record Expanded(Instant at, String step, List<JsonNode> elements) implements OfStep {}

  record ChildStarted(Instant at, String step, String workflowId, String runId) implements OfStep {}

  /** Something waits for a person. */
  record Asked(Instant at, RunStatus.Waiting waiting) implements OfStep {
    @Override
    public String step() {
      return waiting.step();
    }
  }

  /**
   * Nobody decided in time, so others are asked too.
   *
   * @param to who is asked now besides the former
   */
  record Escalated(
      Instant at,
      String step,
      String to,
      List<String> approvers,
      Instant deadline,
      String onDeadline)
      implements OfStep {}

  /** Those who are asked have not decided yet, and are asked again. */
  record Reminded(Instant at, String step, List<String> approvers) implements OfStep {}

  /** Somebody outside has taken note of what happened. */
  record Told(Instant at, Telling telling) implements RunEvent {}

  /** Somebody outside could not be told of what happened, and will not be. */
  record NotTold(Instant at, Telling telling, String why) implements RunEvent {}

  /**
   * A decision counted.
   *
   * @param settles whether what waited waits no more
   */
  record Decided(Instant at, String id, TakenDecision decision, boolean settles) implements OfStep {
    @Override
    public String step() {
      return decision.step();
    }
  }

  /** Somebody took an approval back before the gate had opened. */
  record Withdrawn(Instant at, String id, String step, String by, @Nullable String reason)
      implements OfStep {}

  /** A decision came that made no sense, or that its sender may not take; it changed nothing. */
  record DecisionRefused(Instant at, String step, String choice, String by, String why)
      implements OfStep {}

  /** A step takes longer than it should; it goes on. */
  record OverBudget(Instant at, String step, Duration budget) implements OfStep {}

  /**
   * @param objective {@code RTO} or {@code RPO}
   */
  record ObjectiveAtRisk(Instant at, String objective, String why) implements RunEvent {}

  /**
   * What was done is taken back from here on. Its steps tell of themselves by the events of steps.
   *
   * @param by who wants it; null for the runbook's own word
   * @param why as a sentence
   * @param steps in the order in which they are carried out
   * @param stays what was done and can't be taken back
   */
  record UndoStarted(
      Instant at,
      @Nullable String by,
      String why,
      List<PlannedStep> steps,
      List<UndoPlan.Stays> stays)
      implements RunEvent {}

  record RunFinished(Instant at, RunState state, String outcome) implements RunEvent {}
}
