package dev.backout.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.catalog.ValueType;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.plan.ActionUse;
import dev.backout.plan.Defaults;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.CallRunbook;
import dev.backout.plan.PlannedStep.TakeBack;
import dev.backout.plan.Scope;
import dev.backout.runbook.expression.EvaluationException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds what can be taken back: goes through the plan beside what has become of its steps, with the
 * expressions' values as each step saw them. The plan is the register: an undo stands in it before
 * its step begins, so that a step in doubt has one too.
 */
public final class UndoWalk {
  private static final String CHILD_UNKNOWN =
      "What its child runbook has done isn't known here. Look at it, and take it back by hand.";

  private static final String LIST_CHANGED =
      "What it was done for has changed since. Look at it, and take it back by hand.";

  private final Map<String, StepStatus> known = new HashMap<>();
  private final Function<String, Optional<UndoPlan>> childOf;
  private final List<Found> found = new ArrayList<>();

  /** What one step, or one child runbook, has left behind, and when it was done. */
  private record Found(Instant at, UndoPlan plan) {}

  /** What a step adds to what those behind it can see. */
  private record Gain(String id, boolean done, @Nullable JsonNode outputs, ValueType.Struct types) {
    Scope to(Scope scope) {
      return scope.withStep(id, done, outputs, types);
    }
  }

  private UndoWalk(RunStatus run, Function<String, Optional<UndoPlan>> childOf) {
    this.childOf = childOf;
    run.preflight().forEach(this::index);
    run.steps().forEach(this::index);
  }

  private void index(StepStatus step) {
    known.put(step.path(), step);
    step.children().forEach(this::index);
  }

  /**
   * @param run with its children's steps where they are at hand
   * @param start what the run's first step could see
   * @param childOf for a step whose child's steps are not at hand, by its path, what the child said
   */
  public static UndoPlan of(
      ExecutionPlan plan,
      RunStatus run,
      Scope start,
      Function<String, Optional<UndoPlan>> childOf) {
    UndoWalk walk = new UndoWalk(run, childOf);
    Scope ignored = walk.runbook(plan, "", start);
    return walk.lastFirst();
  }

  /** What a step that comes after all of them can see, however far they have come. */
  public static Scope reached(ExecutionPlan plan, RunStatus run, Scope start) {
    UndoWalk walk = new UndoWalk(run, path -> Optional.of(UndoPlan.NOTHING));
    return walk.runbook(plan, "", start);
  }

  private UndoPlan lastFirst() {
    found.sort(Comparator.comparing(Found::at));
    Collections.reverse(found);
    List<PlannedStep> steps = new ArrayList<>();
    List<UndoPlan.Stays> stays = new ArrayList<>();
    found.forEach(
        each -> {
          steps.addAll(each.plan().steps());
          stays.addAll(each.plan().stays());
        });
    return new UndoPlan(List.copyOf(steps), List.copyOf(stays));
  }

  private Scope runbook(ExecutionPlan plan, String prefix, Scope start) {
    Scope scope = after(walk(plan.preflight(), prefix, start), start);
    return after(walk(plan.steps(), prefix, scope), scope);
  }

  private static Scope after(List<Gain> gains, Scope before) {
    Scope scope = before;
    for (Gain gain : gains) {
      scope = gain.to(scope);
    }
    return scope;
  }

  private List<Gain> walk(List<PlannedStep> steps, String prefix, Scope start) {
    List<Gain> gains = new ArrayList<>();
    Scope scope = start;
    for (PlannedStep step : steps) {
      StepStatus status = known.get(StepPath.of(prefix, step.id()));
      if (status == null) {
        continue;
      }
      List<Gain> more = step(step, status, scope);
      scope = after(more, scope);
      gains.addAll(more);
    }
    return gains;
  }

  private List<Gain> step(PlannedStep step, StepStatus status, Scope scope) {
    List<Gain> gains = new ArrayList<>();
    if (step.work() instanceof PlannedStep.Parallel parallel) {
      parallel
          .branches()
          .forEach(
              (name, steps) ->
                  gains.addAll(walk(steps, StepPath.branch(status.path(), name), scope)));
    } else if (step.work() instanceof PlannedStep.Each each) {
      elements(each, status, scope);
    } else if (step.work() instanceof CallRunbook call && !takesBackByItself(step, status)) {
      child(step, call, status, scope);
    } else {
      act(step, status, scope);
    }
    if (status.state() != StepState.PENDING) {
      boolean done = status.state() == StepState.DONE || status.state() == StepState.UNDONE;
      gains.add(
          new Gain(
              step.id(),
              done,
              done ? status.outputs() : null,
              PlannedStep.outputTypes(step.work())));
    }
    return gains;
  }

  private void elements(PlannedStep.Each each, StepStatus status, Scope scope) {
    if (status.children().isEmpty()) {
      return;
    }
    List<JsonNode> elements;
    try {
      elements = scope.list(each.in());
    } catch (EvaluationException e) {
      status.children().forEach(below -> unclear(below, String.valueOf(e.getMessage())));
      return;
    }
    if (elements.size() != status.children().size()) {
      status.children().forEach(below -> unclear(below, LIST_CHANGED));
      return;
    }
    for (int i = 0; i < elements.size(); i++) {
      Scope inside = scope.withVariable(each.as(), elements.get(i), each.elementType());
      List<Gain> ignored = walk(each.steps(), StepPath.element(status.path(), i), inside);
    }
  }

  /** Which element it was done for can't be told any more. */
  private void unclear(StepStatus status, String why) {
    status.children().forEach(below -> unclear(below, why));
    boolean inDoubt = status.state() == StepState.IN_DOUBT || underWay(status);
    if (status.action() != null && (inDoubt || happened(status))) {
      TakeBack unclear = new TakeBack(status.path(), null, inDoubt, why);
      add(status, UndoPlan.step(unclear, name(status), Defaults.ACTION_TIMEOUT, null));
    }
  }

  /** An undo of the step as a whole speaks for its child's, once the child is through. */
  private static boolean takesBackByItself(PlannedStep step, StepStatus status) {
    return step.undo() != null && status.state() == StepState.DONE;
  }

  private void child(PlannedStep step, CallRunbook call, StepStatus status, Scope scope) {
    if (status.state() == StepState.UNDONE) {
      return;
    }
    Optional<UndoPlan> said = childOf.apply(status.path());
    boolean taken = status.takenOverFrom() != null && status.state() != StepState.SKIPPED;
    if (said.isPresent()) {
      found.add(new Found(at(status), said.get().under(status.path())));
    } else if (status.childRunId() != null && !status.children().isEmpty()) {
      Scope inside =
          Scope.of(call.plan(), scope.render(call.with()))
              .withRun(status.childRunId(), call.plan().target(), "");
      Scope ignored = runbook(call.plan(), status.path(), inside);
    } else if (taken || (status.childRunId() != null && status.state() != StepState.RUNNING)) {
      TakeBack unknown = new TakeBack(status.path(), null, true, CHILD_UNKNOWN);
      add(status, UndoPlan.step(unknown, name(status), step.timeout(), null));
    }
  }

  private void act(PlannedStep step, StepStatus status, Scope scope) {
    boolean inDoubt = status.state() == StepState.IN_DOUBT || underWay(status);
    if (!inDoubt && !happened(status)) {
      return;
    }
    ActionUse undo = step.undo();
    if (undo != null) {
      add(status, ready(step, undo, status, scope, inDoubt));
    } else if (UndoOutline.changesSomething(step.work())) {
      UndoPlan.Stays stays = new UndoPlan.Stays(status.path(), status.name());
      found.add(new Found(at(status), new UndoPlan(List.of(), List.of(stays))));
    }
  }

  private static PlannedStep ready(
      PlannedStep step, ActionUse undo, StepStatus status, Scope scope, boolean inDoubt) {
    Duration timeout =
        step.work() instanceof PlannedStep.Uses ? step.timeout() : Defaults.ACTION_TIMEOUT;
    ValueType.Struct types = PlannedStep.outputTypes(step.work());
    try {
      Scope after =
          scope
              .withStep(step.id(), true, status.outputs(), types)
              .withOutputs(status.outputs(), types);
      String queue = step.runsOn();
      ActionUse use =
          new ActionUse(
              undo.action(), after.render(undo.with()), undo.repeatability(), undo.outputs());
      return UndoPlan.step(
          new TakeBack(status.path(), use, inDoubt, null),
          name(status),
          timeout,
          queue == null ? null : scope.renderText(queue));
    } catch (EvaluationException e) {
      TakeBack unclear = new TakeBack(status.path(), null, inDoubt, String.valueOf(e.getMessage()));
      return UndoPlan.step(unclear, name(status), timeout, null);
    }
  }

  private static String name(StepStatus status) {
    return "Undo of " + status.name();
  }

  private void add(StepStatus status, PlannedStep step) {
    found.add(new Found(at(status), new UndoPlan(List.of(step), List.of())));
  }

  private static Instant at(StepStatus status) {
    Instant end = status.finishedAt();
    Instant start = status.startedAt();
    return end != null ? end : start != null ? start : Instant.MAX;
  }

  private static boolean underWay(StepStatus status) {
    return status.state() == StepState.RUNNING;
  }

  /** Also what was done and then not as expected, whatever was decided about it. */
  private static boolean happened(StepStatus status) {
    return status.state() == StepState.DONE
        || (status.outputs() != null && status.state() != StepState.UNDONE);
  }
}
