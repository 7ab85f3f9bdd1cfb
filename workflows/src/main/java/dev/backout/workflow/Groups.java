package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunEvent;
import dev.backout.history.StepPath;
import dev.backout.plan.PlannedStep.Each;
import dev.backout.plan.PlannedStep.Parallel;
import dev.backout.plan.Scope;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Steps within steps, side by side. One that fails does not hold up those beside it. */
final class Groups {
  private final Run run;
  private final StepRunner steps;

  Groups(Run run, StepRunner steps) {
    this.run = run;
    this.steps = steps;
  }

  /**
   * @param gained what the branches have added to what later steps can see
   */
  record Outcome(StepResult result, List<Progress.Gain> gained) {}

  Outcome parallel(StepRun step, Parallel parallel) {
    start(step);
    List<Promise<Progress>> branches = new ArrayList<>();
    parallel
        .branches()
        .forEach(
            (name, inner) ->
                branches.add(
                    Async.function(
                        () -> steps.all(inner, StepPath.branch(step.path, name), step.scope))));
    List<Progress> ends = join(branches);
    List<Progress.Gain> gained = new ArrayList<>();
    ends.forEach(end -> gained.addAll(end.gained()));
    return new Outcome(end(step, ends), gained);
  }

  Outcome each(StepRun step, Each each) {
    List<JsonNode> elements = step.scope.list(each.in());
    boolean known = run.former().isSameList(step, elements);
    start(step);
    if (!known || step.attempt() > 1) {
      run.log().note(new RunEvent.Expanded(RunLog.now(), step.path, elements));
    }
    Elements left = new Elements(elements);
    List<Promise<List<Progress>>> lanes = new ArrayList<>();
    for (int i = 0; i < Math.min(Math.max(1, each.concurrency()), elements.size()); i++) {
      lanes.add(Async.function(() -> lane(step, each, left)));
    }
    List<Progress> ends = new ArrayList<>();
    join(lanes).forEach(ends::addAll);
    boolean all = ends.size() == elements.size();
    return new Outcome(
        end(step, all ? ends : List.of(Progress.from(step.scope).broken())), List.of());
  }

  /** Takes one element after the other; as many lanes as may run at the same time. */
  private List<Progress> lane(StepRun step, Each each, Elements left) {
    List<Progress> ends = new ArrayList<>();
    while (left.hasNext() && !run.ending().isSet()) {
      int index = left.index();
      Scope scope = step.scope.withVariable(each.as(), left.next(), each.elementType());
      ends.add(steps.all(each.steps(), StepPath.element(step.path, index), scope));
    }
    return ends;
  }

  private static final class Elements {
    private final Iterator<JsonNode> elements;
    private int index;

    Elements(List<JsonNode> elements) {
      this.elements = elements.iterator();
    }

    boolean hasNext() {
      return elements.hasNext();
    }

    int index() {
      return index;
    }

    JsonNode next() {
      index++;
      return elements.next();
    }
  }

  private void start(StepRun step) {
    run.log()
        .note(new RunEvent.StepStarted(RunLog.now(), step.path, step.name, step.nextAttempt()));
  }

  private StepResult end(StepRun step, List<Progress> ends) {
    if (ends.stream().allMatch(Progress::complete)) {
      run.log().note(new RunEvent.StepDone(RunLog.now(), step.path, null));
      return new StepResult.Done(null);
    }
    String why = "The run was stopped before all of it was done.";
    run.log().note(new RunEvent.StepFailed(RunLog.now(), step.path, why));
    return new StepResult.Ended();
  }

  /** All of them end, also when one of them throws or the run is cancelled. */
  private static <T> List<T> join(List<Promise<T>> promises) {
    RuntimeException first = null;
    List<T> values = new ArrayList<>();
    for (Promise<T> promise : promises) {
      RuntimeException failure = promise.getFailure();
      if (failure == null) {
        values.add(promise.get());
      } else if (first == null) {
        first = failure;
      }
    }
    if (first != null) {
      throw Workflow.wrap(first);
    }
    return values;
  }
}
