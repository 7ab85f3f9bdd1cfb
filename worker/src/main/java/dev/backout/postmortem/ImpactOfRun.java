package dev.backout.postmortem;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.DataInUse;
import dev.backout.history.Elapsed;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepState;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the run cost in time and data, as far as its steps say. */
final class ImpactOfRun {
  private final RunStatus status;

  ImpactOfRun(Timeline timeline) {
    this.status = timeline.status();
  }

  Report.Impact impact() {
    Instant until = status.finishedAt();
    Duration took = until == null ? null : Elapsed.between(status.incidentAt(), until);
    Optional<DataInUse> data = DataInUse.of(status);
    Instant dataAsOf = data.map(DataInUse::asOf).orElse(null);
    Duration lost = data.map(DataInUse::lost).orElse(null);
    Long rows = rowsLost();
    return new Report.Impact(
        status.incidentAt(),
        until,
        took,
        dataAsOf,
        lost,
        rows,
        time(took),
        data(dataAsOf, lost, rows));
  }

  private String time(@Nullable Duration took) {
    if (took == null) {
      return "The run has not finished.";
    }
    String from =
        status.incidentAt().equals(status.startedAt())
            ? "the start of the run; when the incident itself began was not told"
            : "the beginning of the incident, " + Words.moment(status.incidentAt());
    return Words.duration(took) + " from " + from + ", to the end of the run.";
  }

  private static String data(
      @Nullable Instant dataAsOf, @Nullable Duration lost, @Nullable Long rows) {
    StringBuilder text = new StringBuilder();
    if (dataAsOf == null) {
      text.append("No step says from when its data is.");
    } else {
      text.append("The data in use is complete up to ").append(Words.moment(dataAsOf));
      if (lost != null) {
        text.append(lost.isZero() ? ": no" : ": " + Words.duration(lost) + " of")
            .append(" writes are lost");
      }
      text.append('.');
    }
    if (rows != null) {
      text.append(" At least ").append(Words.count(rows, "row")).append(" lost.");
    } else if (lost == null || !lost.isZero()) {
      text.append(" The lost rows were not counted.");
    }
    return text.toString();
  }

  private @Nullable Long rowsLost() {
    List<Long> counted =
        done()
            .map(step -> Objects.requireNonNull(step.outputs()).path("rowsLost"))
            .filter(JsonNode::isIntegralNumber)
            .map(JsonNode::asLong)
            .toList();
    return counted.isEmpty() ? null : counted.stream().mapToLong(Long::longValue).sum();
  }

  private java.util.stream.Stream<StepStatus> done() {
    return Steps.leaves(status)
        .filter(step -> step.state() == StepState.DONE && step.outputs() != null);
  }
}
