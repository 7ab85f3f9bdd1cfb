package dev.backout.postmortem;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.StepPath;
import java.util.List;
import java.util.stream.Stream;

/** The steps of a run as one list, in the order of the runbook. */
final class Steps {
  private Steps() {}

  /** A step and how deep it lies. */
  record Placed(StepStatus step, int depth) {}

  static List<Placed> all(RunStatus status) {
    return Stream.of(status.preflight(), status.steps(), status.undo(), status.lastly())
        .flatMap(List::stream)
        .flatMap(step -> within(step, 0))
        .toList();
  }

  /** The runbook's own, without those that take them back. */
  static Stream<StepStatus> leaves(RunStatus status) {
    return all(status).stream()
        .map(Placed::step)
        .filter(step -> step.children().isEmpty() && !StepPath.isUndo(step.path()));
  }

  private static Stream<Placed> within(StepStatus step, int depth) {
    return Stream.concat(
        Stream.of(new Placed(step, depth)),
        step.children().stream().flatMap(child -> within(child, depth + 1)));
  }
}
