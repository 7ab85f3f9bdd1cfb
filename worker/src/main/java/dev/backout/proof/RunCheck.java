package dev.backout.proof;

import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.StatusFold;
import dev.backout.plan.Digest;
import dev.backout.plan.ExecutionPlan;
import dev.backout.workflow.RunRequest;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks one run's history. */
final class RunCheck {
  /** What it takes along from there is the run's own word, without the signatures' places. */
  private static final Finding EARLIER =
      Finding.of(
          Finding.Subject.RECORD,
          Verdict.UNCHECKED,
          null,
          "The run is so long that it went on in a new history. The start and the decisions before"
              + " that are in the earlier one: as long as the server keeps it, `temporal workflow"
              + " show` exports it, and `backout verify` checks that file.");

  private final WorkflowExecutionHistory history;
  private final Authority authority;
  private final @Nullable String namespace;

  RunCheck(WorkflowExecutionHistory history, Authority authority, @Nullable String namespace) {
    this.history = history;
    this.authority = authority;
    this.namespace = namespace;
  }

  /**
   * @param more findings about this run that its own history can't give
   */
  RunProof proof(List<Finding> more) {
    RunRequest request = request(history);
    ExecutionPlan plan = request.plan();
    String digest = Digest.of(plan);
    DecisionRecords decisions = new DecisionRecords(digest, request);
    RecordCheck record = new RecordCheck(request);
    StartRecord start = new StartRecord();
    StatusFold end =
        new HistoryReader(Payloads.CONVERTER)
            .readTo(
                history,
                (event, happened, before) -> {
                  record.reads(event, happened, before);
                  decisions.reads(event, happened, before);
                  start.reads(event, happened.orElse(null));
                });
    List<Finding> findings = new ArrayList<>();
    findings.add(plan(plan, digest));
    boolean first = isFirst(history);
    if (!first) {
      findings.add(EARLIER);
    }
    if (request.given() == null && first) {
      findings.add(
          new StartCheck(request, start, authority, end.workflowId(), digest, namespace).finding());
    }
    for (DecisionRecord decision : decisions.all()) {
      new DecisionCheck(decision, authority, plan.digest(), namespace)
          .finding()
          .ifPresent(findings::add);
    }
    decisions.takenOver().forEach(taken -> findings.add(takenOver(taken)));
    findings.addAll(record.findings());
    findings.addAll(more);
    return new RunProof(
        end.workflowId(),
        end.status().runId(),
        plan.runbook(),
        plan.target(),
        digest,
        end.state().isFinal(),
        history.getEvents().size(),
        Verdict.worst(findings.stream().map(Finding::verdict).toList()),
        List.copyOf(findings));
  }

  private static boolean isFirst(WorkflowExecutionHistory history) {
    return history
        .getEvents()
        .get(0)
        .getWorkflowExecutionStartedEventAttributes()
        .getContinuedExecutionRunId()
        .isEmpty();
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

  private static Finding takenOver(TakenDecision taken) {
    return new Finding(
        Finding.Subject.DECISION,
        Verdict.UNVERIFIED,
        taken.step(),
        taken.choice(),
        taken.by(),
        taken.reason(),
        taken.at(),
        null,
        null,
        null,
        null,
        List.of(
            "It was taken in a former run, as whoever started this one says; its proof is in that"
                + " run's history."));
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
