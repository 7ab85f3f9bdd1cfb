package dev.backout.proof;

import dev.backout.history.HistoryReader;
import dev.backout.history.Payloads;
import dev.backout.history.StepPath;
import dev.backout.plan.Digest;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import dev.backout.proof.RunCheck.Checked;
import dev.backout.workflow.JudgeActivity;
import dev.backout.workflow.JudgeRequest;
import dev.backout.workflow.RunStarter;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks the histories of a run and of the child runbooks that it called. */
public final class Verification {
  private final Authority authority;
  private final @Nullable String namespace;

  /**
   * @param namespace of Temporal, that all of it must have been signed for; null if that isn't
   *     known: then what was signed says it
   */
  public Verification(Authority authority, @Nullable String namespace) {
    this.authority = authority;
    this.namespace = namespace;
  }

  /** A child as the history of the run that called it tells of it. */
  private record Called(String runId, String workflowId, String step, String parent) {}

  /**
   * Checks them all.
   *
   * @param histories of a run and of those that it called, in any order
   * @throws IllegalArgumentException if one isn't the history of a run, saying what it is
   */
  public ProofReport check(List<WorkflowExecutionHistory> histories) {
    Map<String, WorkflowExecutionHistory> byRunId = new LinkedHashMap<>();
    histories.forEach(history -> byRunId.put(runId(history), history));
    Map<String, Called> called = new HashMap<>();
    histories.forEach(history -> calls(history).forEach(each -> called.put(each.runId(), each)));
    List<Checked> checked = new ArrayList<>();
    byRunId.forEach((runId, history) -> checked.add(check(history, called.get(runId), byRunId)));
    FormerProofs former = new FormerProofs(checked.stream().map(Checked::proof).toList());
    List<RunProof> proofs =
        checked.stream().map(each -> each.proof().with(former.findings(each.takenOver()))).toList();
    return new ProofReport(
        Verdict.worst(proofs.stream().map(RunProof::verdict).toList()),
        authority.signers() == null ? null : authority.source(),
        authority.policy() == null ? null : authority.policy().hash(),
        proofs);
  }

  private Checked check(
      WorkflowExecutionHistory history,
      @Nullable Called as,
      Map<String, WorkflowExecutionHistory> all) {
    List<Finding> more = new ArrayList<>();
    boolean child = RunCheck.request(history).given() != null;
    if (child && as == null) {
      more.add(
          Finding.of(
              Finding.Subject.START,
              Verdict.UNCHECKED,
              null,
              "Another run has called this one, and its history is not among these: who started"
                  + " it stands there."));
    } else if (as != null) {
      calledRightly(history, as, all).forEach(more::add);
    }
    for (Called each : calls(history)) {
      if (!all.containsKey(each.runId())) {
        more.add(
            Finding.of(
                Finding.Subject.CHILD,
                Verdict.UNCHECKED,
                each.step(),
                "The history of its child runbook, run "
                    + each.runId()
                    + ", is not among these: give its export too."));
      }
    }
    Sequel sequel = new Sequel(history, all);
    more.addAll(sequel.findings());
    Checked own =
        new RunCheck(named(history, as), authority, namespace, sequel.hasEarlier()).check();
    RunProof proof = own.proof().with(more);
    return new Checked(sequel.hasNext() ? proof.goingOn() : proof, own.takenOver());
  }

  /** That the child's plan is the one that the parent's plan holds. */
  private List<Finding> calledRightly(
      WorkflowExecutionHistory history, Called as, Map<String, WorkflowExecutionHistory> all) {
    WorkflowExecutionHistory parent = all.get(as.parent());
    if (parent == null) {
      return List.of();
    }
    Set<String> planned = new HashSet<>();
    children(RunCheck.request(parent).plan()).forEach(plan -> planned.add(Digest.of(plan)));
    boolean known = planned.contains(Digest.of(RunCheck.request(history).plan()));
    return known
        ? List.of()
        : List.of(
            Finding.of(
                Finding.Subject.PLAN,
                Verdict.ALTERED,
                null,
                "The plan is none that the run which called it holds at `" + as.step() + "`."));
  }

  private static Stream<ExecutionPlan> children(ExecutionPlan plan) {
    return Stream.of(plan.preflight(), plan.steps(), plan.lastly())
        .flatMap(List::stream)
        .flatMap(Verification::children);
  }

  private static Stream<ExecutionPlan> children(PlannedStep step) {
    if (step.work() instanceof PlannedStep.CallRunbook call) {
      return Stream.of(call.plan());
    } else if (step.work() instanceof PlannedStep.Parallel parallel) {
      return parallel.branches().values().stream()
          .flatMap(List::stream)
          .flatMap(Verification::children);
    } else if (step.work() instanceof PlannedStep.Each each) {
      return each.steps().stream().flatMap(Verification::children);
    }
    return Stream.empty();
  }

  private static List<Called> calls(WorkflowExecutionHistory history) {
    String parent = runId(history);
    return new HistoryReader(Payloads.CONVERTER)
        .childrenOf(history).stream()
            .filter(child -> !dev.backout.history.Telling.isIdOf(child.getWorkflowId()))
            .map(
                child ->
                    new Called(
                        child.getRunId(),
                        child.getWorkflowId(),
                        step(child.getWorkflowId(), history),
                        parent))
            .toList();
  }

  /** Its path in the run that calls it, or what of it can be told. */
  private static String step(String childWorkflowId, WorkflowExecutionHistory history) {
    String above =
        StepPath.childWorkflowId(
            RunStarter.workflowId(RunCheck.request(history).plan().target()), "");
    return childWorkflowId.startsWith(above)
        ? childWorkflowId.substring(above.length())
        : childWorkflowId.substring(childWorkflowId.lastIndexOf('/') + 1);
  }

  private static String runId(WorkflowExecutionHistory history) {
    RunCheck.request(history);
    return history
        .getEvents()
        .get(0)
        .getWorkflowExecutionStartedEventAttributes()
        .getOriginalExecutionRunId();
  }

  /**
   * An exported history may not say its own workflow id; the run that called it does, or else what
   * was asked about the decisions in it.
   */
  private static WorkflowExecutionHistory named(
      WorkflowExecutionHistory history, @Nullable Called as) {
    if (as != null) {
      return WorkflowExecutionHistory.fromJson(history.toJson(false), as.workflowId());
    }
    boolean child = RunCheck.request(history).given() != null;
    return child
        ? history.getEvents().stream()
            .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
            .map(event -> event.getActivityTaskScheduledEventAttributes())
            .filter(asked -> asked.getActivityType().getName().equals(JudgeActivity.TYPE))
            .map(asked -> Read.first(asked.getInput(), JudgeRequest.class))
            .filter(Objects::nonNull)
            .map(asked -> asked.statement().workflowId())
            .findFirst()
            .map(id -> WorkflowExecutionHistory.fromJson(history.toJson(false), id))
            .orElse(history)
        : history;
  }
}
