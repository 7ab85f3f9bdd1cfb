package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Whether steps that were carried out by one plan are the same in another. */
public final class TakenOverSteps {
  /** Of a child runbook that is through: where its text lies and how it reads changes nothing. */
  private static final Set<String> IGNORED = Set.of("plan.sources", "plan.digest", "plan.summary");

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
      } else if (was.isPresent()) {
        between(what(was.get()), what(is.get()), path, differences);
        inputs(former, now, path, was.get(), differences);
      }
    }
    return List.copyOf(differences);
  }

  /** Of an {@code each} only what it goes through: its steps are compared one by one. */
  private static JsonNode what(PlannedStep step) {
    return Json.MAPPER.valueToTree(
        step.work() instanceof PlannedStep.Each each
            ? new PlannedStep.Each(each.in(), each.as(), each.elementType(), 1, List.of())
            : step.work());
  }

  private static void between(JsonNode was, JsonNode is, String path, List<String> differences) {
    PlanDiff.between(was, is, IGNORED).forEach(line -> differences.add(path + ": " + line));
  }

  /** What the step says may be the same, and mean something else. */
  private static void inputs(
      ExecutionPlan former,
      ExecutionPlan now,
      String path,
      PlannedStep step,
      List<String> differences) {
    String text = what(step).toString();
    former
        .inputs()
        .forEach(
            (name, was) -> {
              JsonNode is = now.inputs().get(name);
              if (!was.equals(is) && mentions(text, name)) {
                differences.add(
                    path
                        + ": inputs."
                        + name
                        + " was "
                        + was
                        + ", now "
                        + (is == null ? "none" : is));
              }
            });
  }

  private static boolean mentions(String text, String input) {
    return Pattern.compile("\\binputs\\b.{0,8}\\b" + Pattern.quote(input) + "\\b")
        .matcher(text)
        .find();
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
