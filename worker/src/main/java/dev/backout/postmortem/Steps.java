package dev.backout.postmortem;

import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepStatus;
import java.util.List;
import java.util.stream.Stream;

/** The steps of a run as one list, in the order of the runbook. */
final class Steps {
  private Steps() {}

  /** A step and how deep it lies. */
  record Placed(StepStatus step, int depth) {}

  static List<Placed> all(RunStatus status) {
    return placed(Stream.of(status.preflight(), status.steps(), status.undo(), status.lastly()))
        .toList();
  }

  /** The runbook's own, without those that take them back. */
  static Stream<StepStatus> leaves(RunStatus status) {
    return placed(Stream.of(status.preflight(), status.steps(), status.lastly()))
        .map(Placed::step)
        .filter(step -> step.children().isEmpty());
  }

  private static Stream<Placed> placed(Stream<List<StepStatus>> lists) {
    return lists.flatMap(List::stream).flatMap(step -> within(step, 0));
  }

  private static Stream<Placed> within(StepStatus step, int depth) {
    return Stream.concat(
        Stream.of(new Placed(step, depth)),
        step.children().stream().flatMap(child -> within(child, depth + 1)));
  }
}
