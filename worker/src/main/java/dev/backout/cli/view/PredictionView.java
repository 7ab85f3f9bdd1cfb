package dev.backout.cli.view;

import dev.backout.history.Prediction;
import dev.backout.history.Prediction.Basis;
import dev.backout.history.Prediction.Estimate;
import dev.backout.history.Prediction.OfStep;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How long a runbook will take. */
public final class PredictionView {
  private final Prediction prediction;

  public PredictionView(Prediction prediction) {
    this.prediction = prediction;
  }

  public Page page(Look look) {
    Page page = new Page(look);
    page.wrapped("", prediction.runbook() + ", by " + runs(prediction.runs()) + ".").blank();
    Table table = new Table(look, "", 0, 1, 2);
    table.heading("step", "p50", "p90", "by");
    prediction.steps().forEach(step -> table.row(row(step)));
    page.add(table.cut()).blank();
    total(page);
    return page;
  }

  private static Line[] row(OfStep step) {
    return new Line[] {
      Line.of(step.path()),
      Line.of(Tone.STRONG, shown(step.took() == null ? null : step.took().p50())),
      Line.of(Tone.STRONG, shown(step.took() == null ? null : step.took().p90())),
      Line.of(step.basis() == Basis.RUNS ? Tone.FAINT : Tone.WARN, basis(step))
    };
  }

  private static String basis(OfStep step) {
    return switch (step.basis()) {
      case RUNS -> runs(step.samples());
      case BUDGET -> "its budget: " + runs(step.samples());
      case FEW_RUNS -> "only " + runs(step.samples()) + ", and it has no budget";
      case NOTHING -> "nothing: no run, no budget";
      case PEOPLE -> "people: " + runs(step.samples());
    };
  }

  private static String runs(int count) {
    return count == 0 ? "no run" : count == 1 ? "1 run" : count + " runs";
  }

  private static String shown(@Nullable Duration duration) {
    return duration == null ? "?" : Times.took(duration);
  }

  private void total(Page page) {
    page.add(Line.of(Tone.STRONG, "In all ").and(both(prediction.work())).and("."));
    page.wrapped(
        "",
        prediction.isFromRuns()
            ? "By whole runs, without people."
            : "The sum of the steps, without people; at its p90 more than likely too much.");
    Estimate people = prediction.people();
    if (people != null) {
      page.wrapped("", "People take " + both(people) + ", on top.");
    }
    tooLittle(page);
    objective(page);
  }

  private static String both(Estimate estimate) {
    return Times.took(estimate.p50()) + " (p50), " + Times.took(estimate.p90()) + " (p90)";
  }

  private void tooLittle(Page page) {
    if (prediction.runs() < Prediction.ENOUGH) {
      page.wrapped(
          Line.of(""),
          Tone.WARN,
          "Too little to go on: "
              + Prediction.ENOUGH
              + " runs or rehearsals are wanted, and there "
              + (prediction.runs() == 1 ? "is " : "are ")
              + (prediction.runs() == 0 ? "none" : prediction.runs())
              + ".");
    }
    List<String> budgets =
        prediction.steps().stream()
            .filter(step -> step.basis() == Basis.BUDGET)
            .map(OfStep::path)
            .toList();
    if (!prediction.isFromRuns() && !budgets.isEmpty()) {
      page.wrapped(Line.of(""), Tone.WARN, "By their budgets: " + String.join(", ", budgets) + ".");
    }
    if (!prediction.unknown().isEmpty()) {
      page.wrapped(
          Line.of(""),
          Tone.WARN,
          "Not in it, as nothing tells how long they take: "
              + String.join(", ", prediction.unknown())
              + ".");
    }
  }

  private void objective(Page page) {
    if (prediction.rto() == null) {
      return;
    }
    Duration rto = Objects.requireNonNull(prediction.rto());
    Duration spare = rto.minus(prediction.work().p90());
    String text =
        prediction.fits() == null
            ? "Whether it fits into the RTO of " + Times.limit(rto) + " can't be told."
            : Boolean.TRUE.equals(prediction.fits())
                ? "Fits into the RTO of "
                    + Times.limit(rto)
                    + ", with "
                    + Times.took(spare)
                    + " for the people."
                : "Does not fit into the RTO of "
                    + Times.limit(rto)
                    + " at p90, even if nobody has to be waited for.";
    page.wrapped(Line.of(""), Boolean.TRUE.equals(prediction.fits()) ? Tone.GOOD : Tone.WARN, text);
  }
}
