package dev.backout.workflow;

import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What a person signs who starts a run: nothing of it can be used for another plan or target, or
 * for a decision.
 *
 * @param type what is signed, so that no signature for something else can pass for this
 * @param namespace the Temporal namespace
 * @param kind of the runbook
 * @param id chosen by the signer, so that one signature starts one run
 * @param at when they signed, by their own clock
 */
public record StartStatement(
    String type,
    String namespace,
    String workflowId,
    String planDigest,
    String kind,
    String target,
    String id,
    String by,
    Instant at) {
  public static final String TYPE = "backout/start/v1";

  /** What is to be signed to start this plan. */
  public static StartStatement of(
      ExecutionPlan plan, String namespace, String id, String by, Instant at) {
    return new StartStatement(
        TYPE,
        namespace,
        RunStarter.workflowId(plan.target()),
        plan.digest(),
        plan.kind(),
        plan.target(),
        id,
        by,
        at);
  }

  /** What must have been signed for this start. */
  public static StartStatement of(AdmissionRequest request, StartSignature signature) {
    return new StartStatement(
        TYPE,
        request.namespace(),
        request.workflowId(),
        request.planDigest(),
        request.kind(),
        request.target(),
        signature.id(),
        request.startedBy(),
        signature.at());
  }

  /** What is signed: canonical JSON, the same on every machine. */
  public byte[] bytes() {
    return Json.canonical(this).getBytes(StandardCharsets.UTF_8);
  }
}
