package dev.backout.history;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
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

/**
 * The data that is in use after a run, as far as its steps say: that of the step that was done last
 * of those that say from when their data is and changed something. A backup that was only found is
 * in use where a step has restored it, which then says so itself; what was taken back isn't.
 *
 * @param source the step that brought it
 * @param asOf up to when it is complete
 * @param stop what stopped a writer after the data had been read; null if nothing did, or that was
 *     before the incident
 * @param writtenUntil up to when there may have been writes that it lacks
 */
public record DataInUse(
    StepStatus source, Instant asOf, @Nullable StepStatus stop, Instant writtenUntil) {
  /** The field of an action's output that says from when the data is that is now in use. */
  public static final String DATA_AS_OF = "dataAsOf";

  /**
   * The field of an action's output that names what it stopped. An action that stops nothing hasn't
   * got it; one that found nothing to stop may have come later than the end of the writes.
   */
  public static final String STOPPED = "stopped";

  /**
   * @param run with the steps of its child runbooks, as far as they are at hand
   */
  public static Optional<DataInUse> of(RunStatus run) {
    StepStatus source =
        lastDone(run, step -> !Boolean.TRUE.equals(step.readOnly()) && asOf(step).isPresent());
    if (source == null) {
      return Optional.empty();
    }
    Instant asOf = asOf(source).orElseThrow();
    StepStatus stop = asOf.isBefore(run.incidentAt()) ? null : stopAfter(source, run);
    Instant until = stop == null ? run.incidentAt() : Objects.requireNonNull(stop.finishedAt());
    return Optional.of(new DataInUse(source, asOf, stop, until));
  }

  /** What was written and is not in it; zero if nothing can be missing. */
  public Duration lost() {
    return Elapsed.between(asOf, writtenUntil);
  }

  /**
   * By the order of steps and not by the data's own time, which another machine's clock has given.
   */
  private static @Nullable StepStatus stopAfter(StepStatus source, RunStatus run) {
    Instant readFrom = source.startedAt();
    StepStatus stop = lastDone(run, DataInUse::stops);
    return stop == null
            || readFrom == null
            || !readFrom.isBefore(Objects.requireNonNull(stop.finishedAt()))
        ? null
        : stop;
  }

  /** A runbook that was called may give what it likes under that name. */
  private static boolean stops(StepStatus step) {
    JsonNode outputs = step.outputs();
    return step.action() != null && outputs != null && outputs.hasNonNull(STOPPED);
  }

  private static @Nullable StepStatus lastDone(RunStatus run, Predicate<StepStatus> which) {
    return leaves(run).stream()
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

  private static Optional<Instant> asOf(StepStatus step) {
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

  /**
   * Those that carry something out: what a runbook gave that was called, its own steps have said.
   */
  private static List<StepStatus> leaves(RunStatus run) {
    List<StepStatus> leaves = new ArrayList<>();
    run.preflight().forEach(step -> collect(step, leaves));
    run.steps().forEach(step -> collect(step, leaves));
    return leaves;
  }

  private static void collect(StepStatus step, List<StepStatus> leaves) {
    if (step.children().isEmpty()) {
      leaves.add(step);
    }
    step.children().forEach(child -> collect(child, leaves));
  }
}
