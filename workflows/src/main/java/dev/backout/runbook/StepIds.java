package dev.backout.runbook;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives every step an id and reports those that are taken twice. A step without one is called after
 * its place in the runbook, nested steps counted: {@code step_3}.
 */
final class StepIds {
  private final Diagnostics diagnostics;
  private final Map<String, Located<String>> given = new LinkedHashMap<>();
  private int place;

  private StepIds(Diagnostics diagnostics) {
    this.diagnostics = diagnostics;
  }

  static Runbook assign(Runbook runbook, Diagnostics diagnostics) {
    StepIds ids = new StepIds(diagnostics);
    ids.collect(runbook.preflight());
    ids.collect(runbook.steps());
    ids.collect(runbook.lastly());
    return new Runbook(
        runbook.source(),
        runbook.kind(),
        runbook.name(),
        runbook.summary(),
        runbook.target(),
        runbook.objectives(),
        runbook.inputs(),
        runbook.outputs(),
        runbook.triggers(),
        ids.named(runbook.preflight()),
        ids.named(runbook.steps()),
        ids.named(runbook.lastly()),
        runbook.followUps(),
        runbook.notifications());
  }

  private void collect(List<Step> steps) {
    for (Step step : steps) {
      if (step.idGiven() && !step.id().value().isEmpty()) {
        take(step.id());
      }
      nested(step.work()).forEach(this::collect);
    }
  }

  private void take(Located<String> id) {
    Located<String> first = given.putIfAbsent(id.value(), id);
    if (first != null) {
      diagnostics.error(
          id.range(),
          "duplicate-id",
          "The id `"
              + id.value()
              + "` is taken by the step in line "
              + first.range().start().line(),
          "Ids are unique in a runbook, nested steps included");
    }
  }

  private static List<List<Step>> nested(Work work) {
    if (work instanceof Work.Each each) {
      return List.of(each.steps());
    }
    return work instanceof Work.Parallel parallel
        ? parallel.branches().values().stream().map(Work.Branch::steps).toList()
        : List.of();
  }

  private List<Step> named(List<Step> steps) {
    List<Step> named = new ArrayList<>();
    for (Step step : steps) {
      place++;
      String id = step.id().value().isEmpty() ? free("step_" + place) : step.id().value();
      named.add(with(step, id, named(step.work())));
    }
    return List.copyOf(named);
  }

  private Work named(Work work) {
    if (work instanceof Work.Each each) {
      return new Work.Each(each.in(), each.as(), each.concurrency(), named(each.steps()));
    }
    if (work instanceof Work.Parallel parallel) {
      Map<String, Work.Branch> branches = new LinkedHashMap<>();
      parallel
          .branches()
          .forEach(
              (name, branch) ->
                  branches.put(name, new Work.Branch(branch.name(), named(branch.steps()))));
      return new Work.Parallel(Collections.unmodifiableMap(branches));
    }
    return work;
  }

  private String free(String wanted) {
    String free = wanted;
    while (given.containsKey(free)) {
      free = free + "_";
    }
    return free;
  }

  private static Step with(Step step, String id, Work work) {
    return new Step(
        new Located<>(id, step.id().range()),
        step.idGiven(),
        step.name(),
        work,
        step.when(),
        step.timeout(),
        step.budget(),
        step.retry(),
        step.rerun(),
        step.probe(),
        step.expect(),
        step.onFailure(),
        step.undo(),
        step.runsOn(),
        step.range());
  }
}
