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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The objectives of a run and what has come of them. */
public final class Clock {
  /** The field of an action's output that says from when the data is that is now in use. */
  public static final String DATA_AS_OF = "dataAsOf";

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
        .filter(java.util.Objects::nonNull)
        .max(Instant::compareTo)
        .orElse(otherwise);
  }

  private static Objective rpo(RunStatus run, Duration limit) {
    Instant data = dataAsOf(run);
    if (data == null) {
      return new Objective(
          "RPO", limit, null, null, "No step has said from when the data is that is in use.");
    }
    Duration actual = Elapsed.between(data, run.incidentAt());
    return new Objective(
        "RPO", limit, actual, within(actual, limit), "The data in use is as of " + data + ".");
  }

  /** What the step that was done last says. */
  private static @Nullable Instant dataAsOf(RunStatus run) {
    Instant doneAt = Instant.MIN;
    Instant data = null;
    for (StepStatus step : allSteps(run)) {
      Instant at = step.finishedAt();
      Optional<Instant> says = dataAsOf(step);
      if (says.isPresent() && at != null && !at.isBefore(doneAt)) {
        doneAt = at;
        data = says.get();
      }
    }
    return data;
  }

  private static Optional<Instant> dataAsOf(StepStatus step) {
    JsonNode outputs = step.outputs();
    String text = outputs == null ? null : outputs.path(DATA_AS_OF).textValue();
    if (step.state() != StepState.DONE || text == null) {
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
