package dev.backout.history;

import dev.backout.catalog.Repeatability;
import dev.backout.history.RunStatus.DueFollowUp;
import dev.backout.history.RunStatus.NotTold;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Events to status: the one place that says what an event means. The workflow folds as it goes, the
 * history reader folds afterwards.
 */
public final class StatusFold {
  private final RunEvent.RunStarted start;
  private final List<StepNode> preflight = new ArrayList<>();
  private final List<StepNode> steps = new ArrayList<>();
  private final List<StepNode> lastly = new ArrayList<>();
  private final List<StepNode> undo = new ArrayList<>();
  private final Map<String, StepNode> byPath = new LinkedHashMap<>();
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private final Map<Telling, NotTold> notTold = new TreeMap<>();
  private boolean undoing;
  private boolean paused;
  private RunState state = RunState.RUNNING;
  private @Nullable Instant finishedAt;
  private @Nullable String outcome;
  private RunStatus.@Nullable Admission admission;

  public StatusFold(RunEvent.RunStarted start) {
    this.start = start;
    start.plan().preflight().forEach(step -> preflight.add(StepNode.step("", step)));
    start.plan().steps().forEach(step -> steps.add(StepNode.step("", step)));
    start.plan().lastly().forEach(step -> lastly.add(StepNode.step("", step)));
    preflight.forEach(this::index);
    steps.forEach(this::index);
    lastly.forEach(this::index);
  }

  public void apply(RunEvent event) {
    if (event instanceof RunEvent.Asked asked) {
      ask(asked);
    } else if (event instanceof RunEvent.Escalated escalated) {
      escalate(escalated);
    } else if (event instanceof RunEvent.Decided decided) {
      decide(decided);
    } else if (event instanceof RunEvent.RunFinished finished) {
      finish(finished);
    } else if (event instanceof RunEvent.Withdrawn withdrawn) {
      withdraw(withdrawn);
    } else if (event instanceof RunEvent.UndoStarted begun) {
      undoing = true;
      begun.steps().forEach(this::takeBack);
    } else if (event instanceof RunEvent.Admitted admitted) {
      admission = admitted.admission();
    } else if (event instanceof RunEvent.NotTold untold) {
      notTold.put(
          untold.telling(),
          new NotTold(
              untold.at(), untold.telling().channel(), untold.telling().about(), untold.why()));
    } else if (event instanceof RunEvent.OfStep ofStep) {
      Optional.ofNullable(byPath.get(ofStep.step())).ifPresent(node -> apply(ofStep, node));
    }
  }

  private void apply(RunEvent.OfStep event, StepNode node) {
    if (event instanceof RunEvent.StepStarted started) {
      node.name = started.name();
      node.begin(event.at(), started.attempt());
    } else if (event instanceof RunEvent.StepDone done) {
      node.outputs = done.outputs();
      end(node, event.at(), StepState.DONE, null);
      undone(node);
    } else if (event instanceof RunEvent.StepFailed failed) {
      end(node, event.at(), StepState.FAILED, failed.failure());
    } else if (event instanceof RunEvent.StepInDoubt doubt) {
      end(node, event.at(), StepState.IN_DOUBT, doubt.failure());
    } else if (event instanceof RunEvent.DoubtExamined examined) {
      node.failure = (node.failure == null ? "" : node.failure + " ") + examined.said();
    } else if (event instanceof RunEvent.StepSkipped skipped) {
      node.name = skipped.name();
      end(node, event.at(), StepState.SKIPPED, skipped.why());
    } else if (event instanceof RunEvent.TakenOver over) {
      node.takeOver(over);
    } else if (event instanceof RunEvent.Retrying) {
      node.begin(event.at(), node.attempt);
    } else if (event instanceof RunEvent.NotYet notYet) {
      node.failure = notYet.failure();
    } else if (event instanceof RunEvent.ChildStarted child) {
      node.childRunId = child.runId();
    } else if (event instanceof RunEvent.Expanded expanded) {
      expand(node, expanded);
    }
  }

  public ExecutionPlan plan() {
    return start.plan();
  }

  public String workflowId() {
    return start.workflowId();
  }

  public Instant startedAt() {
    return start.at();
  }

  public Instant incidentAt() {
    return start.incidentAt();
  }

  /** The step as planned; empty for a path that the plan doesn't have. */
  public Optional<PlannedStep> planned(String path) {
    return Optional.ofNullable(byPath.get(path)).map(node -> node.planned);
  }

  /** The step as it is now; empty for a path that the run doesn't have. */
  public Optional<StepStatus> step(String path) {
    return Optional.ofNullable(byPath.get(path)).map(StepNode::status);
  }

  /** The steps that have begun and not ended, without branches and elements. */
  public List<StepStatus> underWay() {
    return byPath.values().stream()
        .filter(
            node ->
                !node.isGroup()
                    && (node.state == StepState.RUNNING || node.state == StepState.WAITING))
        .map(StepNode::status)
        .toList();
  }

  /** What waits for a person, oldest first. */
  public List<Waiting> waiting() {
    return List.copyOf(waiting.values());
  }

  public Optional<Waiting> waitingAt(String step) {
    return Optional.ofNullable(waiting.get(step));
  }

  public RunState state() {
    return state == RunState.RUNNING && !waiting.isEmpty() ? RunState.WAITING : state;
  }

  /** Whether no further step begins. */
  public boolean isPaused() {
    return paused;
  }

  /** Whether what was done is being taken back. */
  public boolean isUndoing() {
    return undoing;
  }

  public RunStatus status() {
    ExecutionPlan plan = start.plan();
    return new RunStatus(
        start.workflowId(),
        start.runId(),
        plan.runbook(),
        plan.kind(),
        plan.summary(),
        plan.target(),
        plan.digest(),
        start.startedBy(),
        state(),
        start.at(),
        start.incidentAt(),
        finishedAt,
        plan.rto(),
        plan.rpo(),
        preflight.stream().map(StepNode::status).toList(),
        steps.stream().map(StepNode::status).toList(),
        waiting(),
        followUps(),
        outcome,
        undo.stream().map(StepNode::status).toList(),
        lastly.stream().map(StepNode::status).toList(),
        admission,
        start.resumes() == null ? null : start.resumes().runId(),
        List.copyOf(notTold.values()));
  }

  /** Counted from the end of the run: there is nothing to follow up before. */
  private List<DueFollowUp> followUps() {
    Instant from = finishedAt;
    if (from == null) {
      return List.of();
    }
    return plan().followUps().stream()
        .map(each -> new DueFollowUp(each.name(), each.within(), from.plus(each.within())))
        .toList();
  }

  private void index(StepNode node) {
    byPath.put(node.path, node);
    node.children.forEach(this::index);
  }

  private void expand(StepNode node, RunEvent.Expanded expanded) {
    if (node.planned != null && node.planned.work() instanceof PlannedStep.Each each) {
      node.expand(each, expanded.elements());
      index(node);
    }
  }

  private void end(StepNode node, Instant at, StepState how, @Nullable String why) {
    waiting.remove(node.path);
    node.end(at, how, why);
  }

  private void takeBack(PlannedStep step) {
    StepNode node = StepNode.step("", step);
    undo.add(node);
    index(node);
  }

  /**
   * A step of a child runbook is in the child's own status, and marked where the two are joined.
   */
  private void undone(StepNode node) {
    if (node.planned != null && node.planned.work() instanceof PlannedStep.TakeBack back) {
      Optional.ofNullable(byPath.get(back.step())).ifPresent(StepNode::takenBack);
    }
  }

  private void ask(RunEvent.Asked asked) {
    Waiting what = asked.waiting();
    waiting.put(what.step(), what);
    StepNode node = byPath.get(what.step());
    if (node == null) {
      return;
    }
    node.startedAt = node.startedAt == null ? asked.at() : node.startedAt;
    node.finishedAt = null;
    if (what.reason() != WaitingFor.DOUBT || node.state == StepState.PENDING) {
      node.state = StepState.WAITING;
    }
  }

  private void escalate(RunEvent.Escalated event) {
    waiting.computeIfPresent(
        event.step(),
        (step, was) ->
            was.withApprovers(event.approvers())
                .withDeadline(event.deadline())
                .withOnDeadline(event.onDeadline()));
  }

  private void decide(RunEvent.Decided event) {
    TakenDecision decision = event.decision();
    if (decision.step().equals(StepPath.RUN)) {
      paused = decision.choice().equals(Choices.PAUSE);
    }
    StepNode node = byPath.get(decision.step());
    if (node != null) {
      node.decisions.add(decision);
    }
    Waiting was = waiting.get(decision.step());
    if (was == null) {
      return;
    }
    if (!event.settles()) {
      waiting.put(decision.step(), withDecision(was, decision));
      return;
    }
    waiting.remove(decision.step());
    if (node != null) {
      settle(node, decision, event.at(), was.reason());
    }
  }

  private static void settle(StepNode node, TakenDecision decision, Instant at, WaitingFor reason) {
    switch (decision.choice()) {
      case Choices.APPROVE, Choices.DONE, Choices.TICK -> node.end(at, StepState.DONE, null);
      case Choices.REJECT -> node.end(at, StepState.FAILED, said(decision, "rejected"));
      case Choices.SKIP -> node.end(at, StepState.SKIPPED, said(decision, "skipped"));
      case Choices.RETRY -> node.begin(at, node.attempt);
      case Choices.CONTINUE -> node.notBegun();
      case Choices.UNDO -> takeBackOrLeave(node, at, reason);
      default -> leaveAsked(node, at, reason);
    }
  }

  /** Of taking a step back that is in doubt, it is to be done; of any other, all ends there. */
  private static void takeBackOrLeave(StepNode node, Instant at, WaitingFor reason) {
    if (StepPath.isUndo(node.path) && reason == WaitingFor.DOUBT) {
      node.begin(at, node.attempt);
    } else {
      leaveAsked(node, at, reason);
    }
  }

  private static void leaveAsked(StepNode node, Instant at, WaitingFor reason) {
    if (reason == WaitingFor.STEP) {
      node.notBegun();
    } else {
      node.end(
          at, reason == WaitingFor.DOUBT ? StepState.IN_DOUBT : StepState.FAILED, node.failure);
    }
  }

  private static String said(TakenDecision decision, String verb) {
    String reason = decision.reason();
    return verb + " by " + decision.by() + (reason == null ? "" : ": " + reason);
  }

  private static Waiting withDecision(Waiting was, TakenDecision decision) {
    List<TakenDecision> decided = new ArrayList<>(was.decided());
    decided.add(decision);
    return was.withDecided(List.copyOf(decided));
  }

  private void withdraw(RunEvent.Withdrawn event) {
    waiting.computeIfPresent(
        event.step(),
        (step, was) ->
            was.withDecided(
                was.decided().stream().filter(each -> !each.by().equals(event.by())).toList()));
    StepNode node = byPath.get(event.step());
    if (node != null) {
      node.decisions.removeIf(
          each -> each.choice().equals(Choices.APPROVE) && each.by().equals(event.by()));
    }
  }

  private void finish(RunEvent.RunFinished event) {
    state = event.state();
    outcome = event.outcome();
    finishedAt = event.at();
    waiting.values().stream()
        .filter(each -> each.reason() == WaitingFor.STEP)
        .forEach(
            each -> Optional.ofNullable(byPath.get(each.step())).ifPresent(StepNode::notBegun));
    waiting.clear();
    byPath.values().forEach(node -> leave(node, event.at()));
  }

  /** A run that is over has no step under way; what nobody saw the end of is in doubt. */
  private static void leave(StepNode node, Instant at) {
    if (node.isGroup() || (node.state != StepState.RUNNING && node.state != StepState.WAITING)) {
      return;
    }
    if (node.state == StepState.WAITING) {
      node.end(at, StepState.FAILED, node.failure == null ? "Nobody decided." : node.failure);
    } else {
      node.end(
          at,
          mayHaveChangedSomething(node) ? StepState.IN_DOUBT : StepState.FAILED,
          "The record ends while it was under way.");
    }
  }

  private static boolean mayHaveChangedSomething(StepNode node) {
    return node.planned != null
        && (node.planned.work() instanceof PlannedStep.CallRunbook
            || node.planned.work() instanceof PlannedStep.TakeBack
            || (node.planned.work() instanceof PlannedStep.Uses uses
                && uses.use().repeatability() != Repeatability.READ_ONLY));
  }
}
