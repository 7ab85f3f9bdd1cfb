package dev.backout.postmortem;

import dev.backout.history.Elapsed;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepStatus;
import dev.backout.history.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The run as bars over time: the picture's geometry, in its own units.
 *
 * @param description the picture in words, for those who don't see it
 */
public record Gantt(int width, int height, String description, List<Tick> ticks, List<Bar> bars) {

  private static final int LABELS = 250;
  private static final int CHART = 560;
  private static final int TIMES = 90;
  private static final int ROW = 24;
  private static final int HEAD = 26;
  private static final int LABEL_LENGTH = 38;
  private static final double NARROWEST = 3;

  /** A line across, with its time. */
  public record Tick(double x, String label) {}

  /**
   * @param state {@code done}, {@code failed}, {@code person} for time that a person took, …
   * @param label shortened to what fits
   */
  public record Bar(
      String label, int indent, int y, double x, double width, String state, String took) {

    public double timeX() {
      return x + width + 6;
    }
  }

  static Gantt of(Timeline timeline) {
    RunStatus status = timeline.status();
    List<Steps.Placed> rows =
        Steps.all(status).stream().filter(row -> row.step().startedAt() != null).toList();
    Instant from =
        rows.stream()
            .map(row -> Objects.requireNonNull(row.step().startedAt()))
            .min(Instant::compareTo)
            .filter(first -> first.isBefore(status.startedAt()))
            .orElse(status.startedAt());
    Instant until = until(timeline);
    Scale scale = new Scale(from, Elapsed.between(from, until));
    List<Bar> bars = new ArrayList<>();
    for (Steps.Placed row : rows) {
      bars.add(bar(row, bars.size(), scale, until));
    }
    return new Gantt(
        LABELS + CHART + TIMES,
        HEAD + ROW * bars.size() + 8,
        describe(rows, until, scale),
        scale.ticks(),
        List.copyOf(bars));
  }

  public int bottom() {
    return height - 4;
  }

  /** The end, or the last thing that is known where there is none. */
  private static Instant until(Timeline timeline) {
    RunStatus status = timeline.status();
    Stream<Instant> known =
        Stream.concat(
            timeline.entries().stream().map(Timeline.Entry::at),
            Steps.all(status).stream()
                .flatMap(row -> Stream.of(row.step()))
                .flatMap(step -> Stream.of(step.startedAt(), step.finishedAt()))
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull));
    Instant finished = status.finishedAt();
    Instant last = known.max(Instant::compareTo).orElse(status.startedAt());
    return finished != null && finished.isAfter(last) ? finished : last;
  }

  private static Bar bar(Steps.Placed row, int index, Scale scale, Instant until) {
    StepStatus step = row.step();
    Instant from = Objects.requireNonNull(step.startedAt());
    Instant to = Objects.requireNonNullElse(step.finishedAt(), until);
    return new Bar(
        shortened(step.name(), LABEL_LENGTH - 2 * row.depth()),
        12 * row.depth(),
        HEAD + ROW * index,
        scale.x(from),
        Math.max(NARROWEST, scale.x(to) - scale.x(from)),
        look(step),
        Words.duration(Elapsed.between(from, to)));
  }

  private static String look(StepStatus step) {
    return switch (step.state()) {
      case DONE ->
          step.kind().equals("checkpoint") || step.kind().equals("manual")
              ? "person"
              : step.children().isEmpty() ? "done" : "group";
      case FAILED, IN_DOUBT -> "failed";
      case WAITING -> "person";
      case PENDING, RUNNING, SKIPPED, UNDONE -> "other";
    };
  }

  private static String describe(List<Steps.Placed> rows, Instant until, Scale scale) {
    StringBuilder text =
        new StringBuilder("Bars for ")
            .append(Words.count(rows.size(), "step"))
            .append(" over ")
            .append(Words.duration(scale.span()))
            .append('.');
    rows.stream()
        .filter(row -> row.step().children().isEmpty())
        .max(java.util.Comparator.comparing(row -> took(row.step(), until)))
        .ifPresent(
            row ->
                text.append(" The longest is ")
                    .append(row.step().name())
                    .append(" with ")
                    .append(Words.duration(took(row.step(), until)))
                    .append('.'));
    return text.append(" The table of steps has the same figures.").toString();
  }

  private static Duration took(StepStatus step, Instant until) {
    return Elapsed.between(
        Objects.requireNonNull(step.startedAt()),
        Objects.requireNonNullElse(step.finishedAt(), until));
  }

  private static String shortened(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1).stripTrailing() + "…";
  }

  /** From times to places. */
  private record Scale(Instant from, Duration span) {
    private static final int MOST_TICKS = 6;
    private static final long[] STEPS = {
      1,
      2,
      5,
      10,
      20,
      50,
      100,
      200,
      500,
      1_000,
      2_000,
      5_000,
      10_000,
      15_000,
      30_000,
      60_000,
      120_000,
      300_000,
      600_000,
      900_000,
      1_800_000,
      3_600_000,
      7_200_000,
      21_600_000,
      43_200_000,
      86_400_000
    };

    double x(Instant at) {
      double share =
          span.isZero() ? 0 : Duration.between(from, at).toNanos() / (double) span.toNanos();
      return rounded(LABELS + CHART * Math.max(0, Math.min(1, share)));
    }

    List<Tick> ticks() {
      long step = step();
      List<Tick> ticks = new ArrayList<>();
      for (long at = 0; at <= span.toMillis(); at += step) {
        ticks.add(
            new Tick(
                x(from.plusMillis(at)), at == 0 ? "start" : Words.duration(Duration.ofMillis(at))));
      }
      return List.copyOf(ticks);
    }

    private long step() {
      for (long step : STEPS) {
        if (span.toMillis() / step < MOST_TICKS) {
          return step;
        }
      }
      return Math.max(1, span.toMillis() / MOST_TICKS);
    }

    private static double rounded(double value) {
      return Math.round(value * 10) / 10.0;
    }
  }
}
