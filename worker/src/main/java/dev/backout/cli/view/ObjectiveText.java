package dev.backout.cli.view;

import dev.backout.history.Clock;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.Timeline.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The clock of a run, in words. */
final class ObjectiveText {
  /** Of an objective's time, when its rest is shown as a warning. */
  private static final double SHORT = 0.25;

  private ObjectiveText() {}

  /** What is left of the RTO; nothing where the runbook has none. */
  static Line rto(RunStatus run, Instant now) {
    Duration limit = run.rto();
    if (limit == null) {
      return Line.EMPTY;
    }
    Duration used = Times.between(run.incidentAt(), run.finishedAt(), now);
    Duration left = limit.minus(used == null ? Duration.ZERO : used);
    Line name = Line.of("RTO " + Times.limit(limit) + ": ");
    if (run.state().isFinal()) {
      return name.and(verdict(run, left));
    }
    if (left.isNegative()) {
      return name.and(Tone.BAD, "missed by " + Times.took(left.negated()));
    }
    boolean isShort = left.toMillis() < limit.toMillis() * SHORT;
    return name.and(isShort ? Tone.WARN : Tone.GOOD, Times.took(left) + " left");
  }

  /**
   * What came of the RPO; nothing where the run has none, or no step has said from when its data
   * is.
   */
  static Line rpo(RunStatus run, Instant now) {
    return run.state() != RunState.SUCCEEDED
        ? Line.EMPTY
        : Clock.objectives(run, now).stream()
            .filter(each -> each.name().equals("RPO") && each.actual() != null)
            .findFirst()
            .map(ObjectiveText::rpo)
            .orElse(Line.EMPTY);
  }

  private static Line rpo(Objective objective) {
    Duration over = Objects.requireNonNull(objective.actual()).minus(objective.limit());
    Line name = Line.of("RPO " + Times.limit(objective.limit()) + ": ");
    return over.isNegative() || over.isZero()
        ? name.and(Tone.GOOD, "met")
        : name.and(Tone.BAD, "missed by " + Times.took(over));
  }

  private static Line verdict(RunStatus run, Duration left) {
    if (run.state() != RunState.SUCCEEDED) {
      return Line.of(Tone.BAD, "not met, for the run did not succeed");
    }
    return left.isNegative()
        ? Line.of(Tone.BAD, "missed by " + Times.took(left.negated()))
        : Line.of(Tone.GOOD, "met with " + Times.took(left) + " to spare");
  }

  /** {@code RTO 15m met in 2m05s}, with what there is to say about it. */
  static Line of(Objective objective) {
    Line line = Line.of(objective.name() + " " + Times.limit(objective.limit()) + " ");
    String actual = actual(objective.actual());
    if (objective.met() == null) {
      line = line.and(Tone.WARN, "open" + (actual.isEmpty() ? "" : ", so far " + actual));
    } else if (objective.met()) {
      line = line.and(Tone.GOOD, "met").and(actual.isEmpty() ? "" : ": " + actual);
    } else {
      line = line.and(Tone.BAD, "missed").and(actual.isEmpty() ? "" : ": " + actual);
    }
    return line;
  }

  private static String actual(@Nullable Duration actual) {
    return actual == null ? "" : Times.took(actual);
  }
}
