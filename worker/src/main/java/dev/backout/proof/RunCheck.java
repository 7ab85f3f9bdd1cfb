package dev.backout.proof;

import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.RunEvent;
import dev.backout.history.StatusFold;
import dev.backout.plan.Digest;
import dev.backout.plan.ExecutionPlan;
import dev.backout.workflow.Continuation;
import dev.backout.workflow.JudgeActivity;
import dev.backout.workflow.JudgeRequest;
import dev.backout.workflow.RunRequest;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks one history of a run: most runs have one. */
final class RunCheck {
  private static final String DEFAULT_NAMESPACE = "default";

  private final WorkflowExecutionHistory history;
  private final Authority authority;
  private final @Nullable String namespace;
  private final boolean earlierIsAtHand;

  /**
   * @param earlierIsAtHand whether the history that this one continues is checked too; then what
   *     was taken along from there needs no check of its own
   */
  RunCheck(
      WorkflowExecutionHistory history,
      Authority authority,
      @Nullable String namespace,
      boolean earlierIsAtHand) {
    this.history = history;
    this.authority = authority;
    this.namespace = namespace;
    this.earlierIsAtHand = earlierIsAtHand;
  }

  /**
   * What came of it.
   *
   * @param takenOver what it says that former runs have done, which only their histories can prove
   */
  record Checked(RunProof proof, List<RunEvent.TakenOver> takenOver) {}

  Checked check() {
    RunRequest request = request(history);
    ExecutionPlan plan = request.plan();
    String digest = Digest.of(plan);
    boolean first = isFirst(history);
    boolean remembers = !first && !earlierIsAtHand;
    Continuation along = first ? null : request.continues();
    DecisionRecords decisions =
        new DecisionRecords(
            digest,
            request,
            along == null || !remembers ? List.of() : along.decisions(),
            namespace != null ? namespace : toldNamespace());
    RecordCheck record = new RecordCheck(request);
    StartRecord start = new StartRecord(along == null ? null : along.admission());
    HistoryReader.Companion all = HistoryReader.Companion.all(record, decisions, start);
    StatusFold end =
        new HistoryReader(Payloads.CONVERTER).readTo(history, earlierIsAtHand ? all::reads : all);
    List<Finding> findings = new ArrayList<>();
    findings.add(plan(plan, digest));
    if (request.given() == null && (first || remembers)) {
      findings.add(
          new StartCheck(request, start, authority, end.workflowId(), digest, namespace).finding());
    }
    for (DecisionRecord decision : decisions.all()) {
      new DecisionCheck(decision, authority, plan.digest(), namespace)
          .finding()
          .ifPresent(findings::add);
    }
    findings.addAll(record.findings());
    findings.addAll(KeptOutputs.of(end.status()));
    return new Checked(
        RunProof.of(end, digest, history.getEvents().size(), findings), decisions.takenOver());
  }

  /** What decisions of this history were signed for: those before it were for the same. */
  private String toldNamespace() {
    return history.getEvents().stream()
        .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
        .map(HistoryEvent::getActivityTaskScheduledEventAttributes)
        .filter(asked -> asked.getActivityType().getName().equals(JudgeActivity.TYPE))
        .map(asked -> Read.first(asked.getInput(), JudgeRequest.class))
        .filter(Objects::nonNull)
        .map(asked -> asked.statement().namespace())
        .findFirst()
        .orElse(DEFAULT_NAMESPACE);
  }

  static boolean isFirst(WorkflowExecutionHistory history) {
    return continued(history).isEmpty();
  }

  /** The id of the history that this one continues; empty for a run's first. */
  static String continued(WorkflowExecutionHistory history) {
    return history
        .getEvents()
        .get(0)
        .getWorkflowExecutionStartedEventAttributes()
        .getContinuedExecutionRunId();
  }

  /**
   * @throws IllegalArgumentException if it isn't the history of a run
   */
  static RunRequest request(WorkflowExecutionHistory history) {
    if (history.getEvents().isEmpty()
        || !history.getEvents().get(0).hasWorkflowExecutionStartedEventAttributes()) {
      throw new IllegalArgumentException(
          "The history must begin with the start of a workflow. Export it whole.");
    }
    return Optional.ofNullable(
            Read.first(
                history.getEvents().get(0).getWorkflowExecutionStartedEventAttributes().getInput(),
                RunRequest.class))
        .filter(request -> request.plan() != null)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "The history's first event must hold the input of a run of a runbook, and"
                        + " doesn't. If its payloads are encrypted, give the key."));
  }

  private static Finding plan(ExecutionPlan plan, String digest) {
    return digest.equals(plan.digest())
        ? Finding.of(Finding.Subject.PLAN, Verdict.PROVEN, null)
        : Finding.of(
            Finding.Subject.PLAN,
            Verdict.ALTERED,
            null,
            "The plan was altered: it says that its digest is "
                + plan.digest()
                + ", and its content gives "
                + digest
                + ".");
  }
}
