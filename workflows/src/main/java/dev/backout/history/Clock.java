package dev.backout.history;

import dev.backout.history.RunStatus.RunState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.Timeline.Objective;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The objectives of a run and what has come of them. */
public final class Clock {
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
    DataInUse data = DataInUse.of(run).orElse(null);
    if (data == null) {
      return new Objective(
          "RPO", limit, null, null, "No step has said from when the data is that is in use.");
    }
    StepStatus stop = data.stop();
    String explanation =
        "The data in use is as of "
            + data.asOf()
            + "."
            + (stop == null
                ? ""
                : " It was written to until " + stop.path() + " had stopped that.");
    return new Objective("RPO", limit, data.lost(), within(data.lost(), limit), explanation);
  }

  private static boolean within(Duration actual, Duration limit) {
    return actual.compareTo(limit) <= 0;
  }
}
