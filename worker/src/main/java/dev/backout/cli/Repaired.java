package dev.backout.cli;

import dev.backout.history.Resumption;
import dev.backout.history.Resumption.Former;
import dev.backout.history.Resumption.How;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.CallRunbook;
import dev.backout.plan.TakenOverSteps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** What of a former run can be taken over by one with a repaired plan. */
final class Repaired {
  private Repaired() {}

  /**
   * Without approvals, which were given for another plan.
   *
   * @throws CommandFailure if a step that was done, or may have been, would do something else
   */
  static Resumption takenOver(ExecutionPlan was, ExecutionPlan now, Resumption former) {
    List<String> differences = new ArrayList<>();
    Resumption taken =
        was.digest().equals(now.digest()) ? former : fitted(was, now, former, "", differences);
    if (!differences.isEmpty()) {
      throw new CommandFailure(
          ExitCode.ERROR,
          "Nothing was started: what the former run has done differs in the new plan.\n  "
              + String.join("\n  ", differences)
              + "\nLeave these steps as they were, or begin anew with `backout run`.");
    }
    return taken;
  }

  private static Resumption fitted(
      ExecutionPlan was,
      ExecutionPlan now,
      Resumption former,
      String prefix,
      List<String> differences) {
    Map<String, Former> steps = new LinkedHashMap<>(former.steps());
    steps.values().removeIf(step -> step.how() == How.APPROVED);
    TreeSet<String> done = new TreeSet<>(former.lists().keySet());
    steps.forEach(
        (path, step) -> {
          if (step.how() == How.DONE || step.how() == How.IN_DOUBT) {
            done.add(path);
          }
        });
    TakenOverSteps.differences(was, now, done)
        .forEach(difference -> differences.add(prefix + difference));
    steps
        .entrySet()
        .removeIf(
            each ->
                each.getValue().how() == How.SKIPPED
                    && !TakenOverSteps.differences(was, now, List.of(each.getKey())).isEmpty());
    Map<String, Resumption> children = new LinkedHashMap<>();
    former
        .children()
        .forEach(
            (path, child) -> {
              Optional<CallRunbook> before = called(was, path);
              Optional<CallRunbook> after = called(now, path);
              if (before.isEmpty() || after.isEmpty()) {
                differences.add(prefix + path + ": calls no runbook in the new plan.");
                return;
              }
              if (!isSame(before.get().plan(), after.get().plan())) {
                differences.add(prefix + path + ": calls a runbook of another name or target.");
              }
              if (!before.get().with().equals(after.get().with())) {
                differences.add(prefix + path + ": gives its runbook other inputs.");
              }
              children.put(
                  path,
                  fitted(
                      before.get().plan(),
                      after.get().plan(),
                      child,
                      prefix + path + "/",
                      differences));
            });
    return new Resumption(
        former.runId(), steps, former.lists(), children, former.undo(), former.lost());
  }

  private static boolean isSame(ExecutionPlan one, ExecutionPlan other) {
    return one.runbook().equals(other.runbook()) && one.target().equals(other.target());
  }

  private static Optional<CallRunbook> called(ExecutionPlan plan, String path) {
    return TakenOverSteps.find(plan.steps(), path)
        .map(PlannedStep::work)
        .filter(CallRunbook.class::isInstance)
        .map(CallRunbook.class::cast);
  }
}
