package dev.backout.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.ValueType;
import dev.backout.runbook.Occasion;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What will run, whole: no file is read after this has been made.
 *
 * @param version the form of this document, for runs that outlive a release
 * @param inputs every input with its value, defaults filled in; a secret is only ever its reference
 * @param inputTypes what the inputs are; one that is optional may have no value
 * @param lastly what runs at the end whatever has happened
 * @param notifications who is told of what; empty for nobody but whom the worker tells by itself
 * @param outputs the runbook's outputs as CEL expressions
 * @param outputTypes what the outputs are
 * @param sources the texts it was compiled from, the runbook's own first
 * @param digest {@code sha256:…} over the canonical form of all the rest but the sources
 */
@RecordBuilder
public record ExecutionPlan(
    int version,
    String runbook,
    String kind,
    String summary,
    String target,
    @Nullable Duration rto,
    @Nullable Duration rpo,
    Map<String, JsonNode> inputs,
    ValueType.Struct inputTypes,
    List<PlannedTrigger> triggers,
    List<PlannedStep> preflight,
    List<PlannedStep> steps,
    @JsonProperty("finally") @JsonInclude(JsonInclude.Include.NON_EMPTY) List<PlannedStep> lastly,
    List<PlannedFollowUp> followUps,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<PlannedNotification> notifications,
    Map<String, String> outputs,
    ValueType.Struct outputTypes,
    List<SourceText> sources,
    String digest)
    implements ExecutionPlanBuilder.With {

  /**
   * A plan in a history may be read by another mapper than ours, which leaves out what is empty.
   */
  public ExecutionPlan {
    lastly = lastly == null ? List.of() : lastly;
    notifications = notifications == null ? List.of() : notifications;
  }

  /** What asks whether it is the time for this runbook, and nothing else. */
  public ExecutionPlan onlyTriggers() {
    return with(plan ->
            plan.preflight(List.of())
                .steps(List.of())
                .lastly(List.of())
                .followUps(List.of())
                .notifications(List.of())
                .outputs(Map.of()))
        .withDigest();
  }

  /** With the digest that it must have. */
  ExecutionPlan withDigest() {
    return withDigest(Digest.of(this));
  }

  /** A file's text as it was compiled; the path is relative to the runbook's folder. */
  public record SourceText(String path, String text) {}

  public record PlannedFollowUp(String name, Duration within) {}

  /**
   * Who is told of what.
   *
   * @param use the action that tells them, its input rendered where the plan can be run; it is
   *     given the event besides
   * @param events of what; empty for all of it
   * @param asked only of what asks one of these, {@code group:oncall}; empty for whoever is asked
   */
  public record PlannedNotification(
      String name, ActionUse use, List<Occasion> events, List<String> asked) {}

  /**
   * When this is the runbook to take.
   *
   * @param expect CEL over {@code outputs} that holds of a healthy system: the trigger holds when
   *     one of these does not, or the probe fails
   * @param holdsFor how long it must hold without a break; null for at once
   */
  public record PlannedTrigger(
      String name, ActionUse probe, List<String> expect, @Nullable Duration holdsFor) {}
}
