package dev.backout.history;

import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a step took in a run that has done it.
 *
 * @param work without people
 * @param people how long people took within it
 */
record Took(Duration work, Duration people) {
  private static final Set<String> OF_PEOPLE = Set.of("checkpoint", "manual");

  /** Empty for what was not done here, and for what somebody had to be asked about. */
  static Optional<Took> of(StepStatus step) {
    Instant began = step.startedAt();
    Instant ended = step.finishedAt();
    boolean isDoneHere = step.state() == StepState.DONE && step.takenOverFrom() == null;
    if (began == null || ended == null || !isDoneHere || hasFailed(step)) {
      return Optional.empty();
    }
    Duration whole = Elapsed.between(began, ended);
    Duration people = OF_PEOPLE.contains(step.kind()) ? whole : people(step.children());
    Duration work = whole.minus(people);
    return Optional.of(new Took(work.isNegative() ? Duration.ZERO : work, people));
  }

  /** Then a part of the time is that of whoever decided what to do. */
  private static boolean hasFailed(StepStatus step) {
    return (!OF_PEOPLE.contains(step.kind()) && !step.decisions().isEmpty())
        || step.children().stream().anyMatch(Took::hasFailed);
  }

  private static Duration people(List<StepStatus> steps) {
    return sum(
        steps.stream().map(step -> of(step).map(Took::people).orElse(Duration.ZERO)).toList());
  }

  static Duration sum(List<Duration> durations) {
    return durations.stream().reduce(Duration.ZERO, Duration::plus);
  }
}
