package dev.backout.workflow;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.Resumption;
import dev.backout.history.UndoPlan.WouldUndo;
import dev.backout.plan.ExecutionPlan;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The input of a run.
 *
 * @param startedBy who started it, as they say
 * @param reason why, if they said
 * @param incidentAt when the incident began, from which the RTO counts; null for the start of the
 *     run
 * @param searchAttributes whether the namespace has Backout's search attributes, so that upserts
 *     don't fail the run
 * @param given for a child runbook the inputs that its parent's step gives, rendered; else null
 * @param above for a child runbook what can be taken back of those that called it; else empty
 * @param signature what proves who started it; null for a bare name
 * @param stepByStep whether it asks before each step; null for no
 * @param resumes what it takes over from a former run; null for one that begins anew
 * @param continues of a long run what it takes along into a new history; else null
 * @param admission for a child runbook that of its parent; else null, and without effect
 * @param told for a child runbook whom its parent tells; else empty, and without effect
 * @param usual what the steps took in earlier runs, for a warning in time; null where nobody looked
 */
@RecordBuilder
public record RunRequest(
    ExecutionPlan plan,
    String startedBy,
    @Nullable String reason,
    @Nullable Instant incidentAt,
    boolean searchAttributes,
    @Nullable JsonNode given,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<WouldUndo> above,
    @Nullable StartSignature signature,
    @Nullable Admission admission,
    @Nullable Boolean stepByStep,
    @Nullable Resumption resumes,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Channel> told,
    @Nullable Continuation continues,
    @Nullable Usual usual)
    implements RunRequestBuilder.With {

  /** As with the plan: another mapper than ours leaves out what is empty. */
  public RunRequest {
    above = above == null ? List.of() : above;
    told = told == null ? List.of() : told;
  }

  /** A run that a person starts. */
  public RunRequest(
      ExecutionPlan plan,
      String startedBy,
      @Nullable String reason,
      @Nullable Instant incidentAt,
      boolean searchAttributes) {
    this(
        plan,
        startedBy,
        reason,
        incidentAt,
        searchAttributes,
        null,
        List.of(),
        null,
        null,
        null,
        null,
        List.of(),
        null,
        null);
  }

  /** Whether another run has called this one. */
  boolean isChild() {
    return given != null;
  }
}
