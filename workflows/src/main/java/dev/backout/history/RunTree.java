package dev.backout.history;

import dev.backout.history.RunStatus.NotTold;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.Timeline.Entry;
import dev.backout.history.UndoPlan.WouldUndo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A run with its child runbooks as one tree: a child's steps stand below the step that called it,
 * their paths below its path.
 */
public final class RunTree {
  private static final Set<Timeline.Type> SAID_BY_THE_PARENT =
      Set.of(Timeline.Type.RUN_STARTED, Timeline.Type.RUN_FINISHED);

  private RunTree() {}

  /**
   * @param childOf gives a child's status by its workflow id; empty if it isn't at hand
   */
  public static RunStatus withChildren(
      RunStatus run, Function<String, Optional<RunStatus>> childOf) {
    List<Waiting> waiting = new ArrayList<>(run.waiting());
    List<NotTold> notTold = new ArrayList<>(run.notTold());
    Function<String, Optional<RunStatus>> heard =
        id -> {
          Optional<RunStatus> child = childOf.apply(id);
          child.ifPresent(found -> notTold.addAll(found.notTold()));
          return child;
        };
    List<StepStatus> grafted = grafted(run.steps(), run.workflowId(), heard, waiting);
    List<StepStatus> lastly = grafted(run.lastly(), run.workflowId(), heard, waiting);
    Set<String> undone = undone(run);
    List<StepStatus> steps =
        undone.isEmpty() ? grafted : grafted.stream().map(step -> undone(step, undone)).toList();
    waiting.sort(Comparator.comparing(Waiting::since));
    RunState state =
        run.state() == RunState.RUNNING && !waiting.isEmpty() ? RunState.WAITING : run.state();
    return run.with(
        whole ->
            whole
                .state(state)
                .steps(steps)
                .waiting(List.copyOf(waiting))
                .lastly(lastly)
                .notTold(notTold.stream().distinct().toList()));
  }

  /** The paths of the steps that this run has taken back, also those of its children. */
  private static Set<String> undone(RunStatus run) {
    return run.undo().stream()
        .filter(step -> step.state() == StepState.DONE)
        .map(StepStatus::path)
        .collect(Collectors.toSet());
  }

  private static StepStatus undone(StepStatus step, Set<String> undone) {
    List<StepStatus> below = step.children().stream().map(each -> undone(each, undone)).toList();
    StepState state =
        undone.contains(StepPath.undo(step.path()))
            ? StepState.UNDONE
            : StepNode.orUndone(step.state(), below);
    return step.withState(state).withChildren(below);
  }

  static Timeline with(Timeline run, Function<String, Optional<Timeline>> childOf) {
    List<Entry> entries = new ArrayList<>(run.entries());
    RunStatus status =
        withChildren(
            run.status(),
            id -> {
              Optional<Timeline> child = childOf.apply(id);
              child.ifPresent(found -> entries.addAll(below(id, run.status().workflowId(), found)));
              return child.map(Timeline::status);
            });
    if (entries.size() > run.entries().size()) {
      entries.sort(Comparator.comparing(Entry::at));
    }
    return new Timeline(status, List.copyOf(entries), run.objectives());
  }

  private static List<Entry> below(String childId, String parentId, Timeline child) {
    String path = childId.substring(StepPath.childWorkflowId(parentId, "").length());
    return child.entries().stream()
        .filter(entry -> !SAID_BY_THE_PARENT.contains(entry.type()))
        .map(entry -> entry.withStep(under(path, entry.step() == null ? "" : entry.step())))
        .toList();
  }

  private static List<StepStatus> grafted(
      List<StepStatus> steps,
      String workflowId,
      Function<String, Optional<RunStatus>> childOf,
      List<Waiting> waiting) {
    return steps.stream().map(step -> grafted(step, workflowId, childOf, waiting)).toList();
  }

  private static StepStatus grafted(
      StepStatus step,
      String workflowId,
      Function<String, Optional<RunStatus>> childOf,
      List<Waiting> waiting) {
    if (step.childRunId() == null) {
      return step.withChildren(grafted(step.children(), workflowId, childOf, waiting));
    }
    Optional<RunStatus> child = childOf.apply(StepPath.childWorkflowId(workflowId, step.path()));
    if (child.isEmpty()) {
      return step;
    }
    RunStatus found = withChildren(child.get(), childOf);
    found.waiting().forEach(each -> waiting.add(under(step.path(), each)));
    List<StepStatus> below = new ArrayList<>();
    found.preflight().forEach(each -> below.add(under(step.path(), each)));
    found.steps().forEach(each -> below.add(under(step.path(), each)));
    found.lastly().forEach(each -> below.add(under(step.path(), each)));
    return step.withChildren(List.copyOf(below));
  }

  private static StepStatus under(String path, StepStatus s) {
    return s.withPath(under(path, s.path()))
        .withDecisions(s.decisions().stream().map(each -> under(path, each)).toList())
        .withChildren(s.children().stream().map(each -> under(path, each)).toList());
  }

  private static TakenDecision under(String path, TakenDecision decision) {
    return decision.withStep(under(path, decision.step()));
  }

  private static Waiting under(String path, Waiting w) {
    return w.withStep(under(path, w.step()))
        .withDecided(w.decided().stream().map(each -> under(path, each)).toList())
        .withUndo(under(path, w.undo()));
  }

  private static List<WouldUndo> under(String path, List<WouldUndo> lines) {
    return lines.stream()
        .map(
            each ->
                new WouldUndo(
                    StepPath.within(path, each.step()), each.name(), each.action(), each.note()))
        .toList();
  }

  private static String under(String path, String step) {
    return step.isEmpty() ? path : path + "/" + step;
  }
}
