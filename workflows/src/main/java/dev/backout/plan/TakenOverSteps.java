package dev.backout.plan;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whether steps that were carried out by one plan are the same in another. */
public final class TakenOverSteps {
  private TakenOverSteps() {}

  /**
   * How they differ, as sentences; empty if what they do is the same. Their names, budgets, probes
   * and undo may differ.
   *
   * @param paths of the steps, as the former plan's run had them
   */
  public static List<String> differences(
      ExecutionPlan former, ExecutionPlan now, Collection<String> paths) {
    List<String> differences = new ArrayList<>();
    for (String path : paths) {
      Optional<PlannedStep> was = find(former.steps(), path);
      Optional<PlannedStep> is = find(now.steps(), path);
      if (was.isPresent() && is.isEmpty()) {
        differences.add(path + ": is not in the new plan.");
      } else if (was.isPresent() && !was.get().work().equals(is.get().work())) {
        differences.addAll(between(path, was.get(), is.get()));
      }
    }
    return List.copyOf(differences);
  }

  private static List<String> between(String path, PlannedStep was, PlannedStep is) {
    return PlanDiff.between(
            Json.MAPPER.valueToTree(was.work()), Json.MAPPER.valueToTree(is.work()), Set.of())
        .stream()
        .map(line -> path + ": " + line)
        .toList();
  }

  /** The step at a path of a run, also in a branch or an element. */
  public static Optional<PlannedStep> find(List<PlannedStep> steps, String path) {
    for (PlannedStep step : steps) {
      if (path.equals(step.id())) {
        return Optional.of(step);
      }
      if (step.work() instanceof PlannedStep.Parallel parallel
          && path.startsWith(step.id() + "/")) {
        return inBranches(parallel.branches(), path.substring(step.id().length() + 1));
      }
      if (step.work() instanceof PlannedStep.Each each
          && path.startsWith(step.id() + "[")
          && path.contains("]/")) {
        return find(each.steps(), path.substring(path.indexOf("]/") + 2));
      }
    }
    return Optional.empty();
  }

  private static Optional<PlannedStep> inBranches(
      Map<String, List<PlannedStep>> branches, String path) {
    return branches.entrySet().stream()
        .filter(branch -> path.startsWith(branch.getKey() + "/"))
        .flatMap(
            branch ->
                find(branch.getValue(), path.substring(branch.getKey().length() + 1)).stream())
        .findFirst();
  }
}
