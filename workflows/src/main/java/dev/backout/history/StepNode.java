package dev.backout.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.Repeatability;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.plan.PlannedStep;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step while the status is being folded. A branch or an element is one too, without a plan. */
final class StepNode {
  final String path;
  final @Nullable PlannedStep planned;
  final String kind;
  final List<StepNode> children = new ArrayList<>();
  final List<TakenDecision> decisions = new ArrayList<>();
  String name;
  StepState state = StepState.PENDING;
  int attempt;
  @Nullable Instant startedAt;
  @Nullable Instant finishedAt;
  @Nullable JsonNode outputs;
  @Nullable String failure;
  @Nullable String childRunId;
  @Nullable String takenOverFrom;

  private StepNode(String path, @Nullable PlannedStep planned, String kind, String name) {
    this.path = path;
    this.planned = planned;
    this.kind = kind;
    this.name = name;
  }

  static StepNode step(String prefix, PlannedStep step) {
    StepNode node =
        new StepNode(StepPath.of(prefix, step.id()), step, StepKind.of(step.work()), step.name());
    if (step.work() instanceof PlannedStep.Parallel parallel) {
      parallel
          .branches()
          .forEach(
              (branch, steps) ->
                  node.children.add(
                      group(StepPath.branch(node.path, branch), "branch", branch, steps)));
    }
    return node;
  }

  private static StepNode group(String path, String kind, String name, List<PlannedStep> steps) {
    StepNode node = new StepNode(path, null, kind, name);
    steps.forEach(step -> node.children.add(step(path, step)));
    return node;
  }

  void expand(PlannedStep.Each each, List<JsonNode> elements) {
    children.clear();
    for (int i = 0; i < elements.size(); i++) {
      JsonNode element = elements.get(i);
      String label = element.isTextual() ? element.textValue() : element.toString();
      children.add(group(StepPath.element(path, i), "element", label, each.steps()));
    }
  }

  boolean isGroup() {
    return planned == null;
  }

  void begin(Instant at, int number) {
    state = StepState.RUNNING;
    takenOverFrom = null;
    attempt = number;
    startedAt = startedAt == null ? at : startedAt;
    finishedAt = null;
  }

  void end(Instant at, StepState how, @Nullable String why) {
    state = how;
    startedAt = startedAt == null && how != StepState.SKIPPED ? at : startedAt;
    finishedAt = at;
    failure = why;
  }

  /** It was asked about before it began. */
  void notBegun() {
    state = StepState.PENDING;
    startedAt = null;
    finishedAt = null;
  }

  void takeOver(RunEvent.TakenOver event) {
    name = event.name();
    attempt = event.attempt();
    outputs = event.outputs();
    decisions.clear();
    decisions.addAll(event.decisions());
    end(
        event.at(),
        ResumptionReader.stateOf(event.how()),
        event.how() == Resumption.How.IN_DOUBT
            ? "It is not known what became of it in the former run."
            : null);
    if (event.startedAt() != null && event.finishedAt() != null) {
      startedAt = event.startedAt();
      finishedAt = event.finishedAt();
    }
    takenOverFrom = event.runId();
  }

  void takenBack() {
    state = StepState.UNDONE;
  }

  StepStatus status() {
    List<StepStatus> below = children.stream().map(StepNode::status).toList();
    return new StepStatus(
        path,
        name,
        kind,
        planned == null ? null : StepKind.actionOf(planned.work()),
        isGroup() ? stateOf(below) : orUndone(state, below),
        attempt,
        isGroup() ? startOf(below) : startedAt,
        isGroup() ? endOf(below) : finishedAt,
        planned == null ? null : planned.budget(),
        outputs,
        failure,
        List.copyOf(decisions),
        childRunId,
        below,
        takenOverFrom,
        readsOnly() ? true : null);
  }

  private boolean readsOnly() {
    return planned != null
        && (planned.work() instanceof PlannedStep.Wait
            || (planned.work() instanceof PlannedStep.Uses uses
                && uses.use().repeatability() == Repeatability.READ_ONLY));
  }

  private static StepState stateOf(List<StepStatus> steps) {
    List<StepState> states = steps.stream().map(StepStatus::state).distinct().toList();
    for (StepState telling :
        List.of(StepState.WAITING, StepState.IN_DOUBT, StepState.RUNNING, StepState.FAILED)) {
      if (states.contains(telling)) {
        return telling;
      }
    }
    if (!states.contains(StepState.PENDING)) {
      return orUndone(StepState.DONE, steps);
    }
    return states.size() == 1 ? StepState.PENDING : StepState.RUNNING;
  }

  /** What was done with steps below it is undone when none of these is left as it was done. */
  static StepState orUndone(StepState state, List<StepStatus> below) {
    List<StepState> states = below.stream().map(StepStatus::state).toList();
    boolean undone =
        state == StepState.DONE
            && states.contains(StepState.UNDONE)
            && !states.contains(StepState.DONE);
    return undone ? StepState.UNDONE : state;
  }

  private static @Nullable Instant startOf(List<StepStatus> steps) {
    Instant first = null;
    for (StepStatus step : steps) {
      Instant at = step.startedAt();
      if (at != null && (first == null || at.isBefore(first))) {
        first = at;
      }
    }
    return first;
  }

  private static @Nullable Instant endOf(List<StepStatus> steps) {
    Instant last = null;
    for (StepStatus step : steps) {
      Instant at = step.finishedAt();
      if (at == null) {
        return null;
      }
      last = last == null || at.isAfter(last) ? at : last;
    }
    return last;
  }
}
