package dev.backout.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.Timeline.Objective;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The objectives of a run and what has come of them. */
public final class Clock {
  /** The field of an action's output that says from when the data is that is now in use. */
  public static final String DATA_AS_OF = "dataAsOf";

  /** How the names of actions end that stop what may write. */
  private static final String STOPS = ".stop";

  private Clock() {}

  /**
   * @param now what a run that goes on is measured at
   */
  public static List<Objective> objectives(RunStatus run, Instant now) {
    List<Objective> objectives = new ArrayList<>();
    Duration rto = run.rto();
    if (rto != null) {
      objectives.add(rto(run, rto, now));
    }
    Duration rpo = run.rpo();
    if (rpo != null) {
      objectives.add(rpo(run, rpo));
    }
    return List.copyOf(objectives);
  }

  private static Objective rto(RunStatus run, Duration limit, Instant now) {
    Instant end = run.finishedAt();
    Duration actual = Elapsed.between(run.incidentAt(), end == null ? now : lastStepEnd(run, end));
    if (run.state() == RunState.SUCCEEDED) {
      return new Objective(
          "RTO", limit, actual, within(actual, limit), "From the incident to the last step.");
    }
    if (run.state().isFinal()) {
      return new Objective(
          "RTO", limit, null, false, "The run did not come to its end, so nothing was recovered.");
    }
    return new Objective(
        "RTO", limit, actual, within(actual, limit) ? null : false, "The run goes on.");
  }

  private static Instant lastStepEnd(RunStatus run, Instant otherwise) {
    return run.steps().stream()
        .map(StepStatus::finishedAt)
        .filter(Objects::nonNull)
        .max(Instant::compareTo)
        .orElse(otherwise);
  }

  private static Objective rpo(RunStatus run, Duration limit) {
    StepStatus source = dataInUse(run);
    if (source == null) {
      return new Objective(
          "RPO", limit, null, null, "No step has said from when the data is that is in use.");
    }
    Instant data = dataAsOf(source).orElseThrow();
    String explanation = "The data in use is as of " + data + ".";
    Instant writtenUntil = run.incidentAt();
    StepStatus stop = data.isBefore(writtenUntil) ? null : stopAfter(source, run);
    if (stop != null) {
      writtenUntil = Objects.requireNonNull(stop.finishedAt());
      explanation += " It was written to until " + stop.path() + " had stopped that.";
    }
    Duration actual = Elapsed.between(data, writtenUntil);
    return new Objective("RPO", limit, actual, within(actual, limit), explanation);
  }

  /** The step that was done last of those that say from when their data is. */
  private static @Nullable StepStatus dataInUse(RunStatus run) {
    return lastDone(run, step -> dataAsOf(step).isPresent());
  }

  /**
   * What stopped a writer after the data had been read, so that there may be writes that it lacks.
   * By the order of steps and not by the data's own time, which another machine's clock has given.
   */
  private static @Nullable StepStatus stopAfter(StepStatus source, RunStatus run) {
    Instant readFrom = source.startedAt();
    StepStatus stop = lastDone(run, step -> String.valueOf(step.action()).endsWith(STOPS));
    return stop == null
            || readFrom == null
            || !readFrom.isBefore(Objects.requireNonNull(stop.finishedAt()))
        ? null
        : stop;
  }

  private static @Nullable StepStatus lastDone(RunStatus run, Predicate<StepStatus> which) {
    return allSteps(run).stream()
        .filter(step -> step.state() == StepState.DONE && step.finishedAt() != null)
        .filter(which)
        .reduce(
            (former, step) ->
                Objects.requireNonNull(step.finishedAt())
                        .isBefore(Objects.requireNonNull(former.finishedAt()))
                    ? former
                    : step)
        .orElse(null);
  }

  private static Optional<Instant> dataAsOf(StepStatus step) {
    JsonNode outputs = step.outputs();
    String text = outputs == null ? null : outputs.path(DATA_AS_OF).textValue();
    if (text == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static List<StepStatus> allSteps(RunStatus run) {
    List<StepStatus> all = new ArrayList<>();
    run.preflight().forEach(step -> collect(step, all));
    run.steps().forEach(step -> collect(step, all));
    return all;
  }

  private static void collect(StepStatus step, List<StepStatus> all) {
    all.add(step);
    step.children().forEach(child -> collect(child, all));
  }

  private static boolean within(Duration actual, Duration limit) {
    return actual.compareTo(limit) <= 0;
  }
}
