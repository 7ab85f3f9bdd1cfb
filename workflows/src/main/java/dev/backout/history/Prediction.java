package dev.backout.history;

import dev.backout.history.RunStatus.StepStatus;
import dev.backout.plan.ExecutionPlan;
import dev.backout.plan.PlannedStep;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long a runbook will take, by what it took before.
 *
 * @param runs how many earlier runs had at least one step done
 * @param rto the objective; null without one
 * @param work what its steps take, without people
 * @param isFromRuns whether {@code work} comes from whole runs; else it is the sum of the steps',
 *     which is more than likely too much at its {@code p90}
 * @param people how long people took to decide, and to do by hand what they do; null where nothing
 *     tells
 * @param steps the preflight's first
 * @param unknown the steps of which nothing tells how long they take: they are not in {@code work}
 * @param fits whether {@code work} fits into the objective at its {@code p90}; null without one, or
 *     where something is unknown
 */
public record Prediction(
    String runbook,
    int runs,
    @Nullable Duration rto,
    Estimate work,
    boolean isFromRuns,
    @Nullable Estimate people,
    List<OfStep> steps,
    List<String> unknown,
    @Nullable Boolean fits) {

  /** Fewer runs than this say too little. */
  public static final int ENOUGH = 3;

  /** Half of the runs took at most {@code p50}, nine of ten at most {@code p90}. */
  public record Estimate(Duration p50, Duration p90) {
    static final Estimate NONE = new Estimate(Duration.ZERO, Duration.ZERO);

    Estimate plus(Estimate other) {
      return new Estimate(p50.plus(other.p50), p90.plus(other.p90));
    }
  }

  public enum Basis {
    /** What it took in enough runs. */
    RUNS,
    /** Its budget, as there were too few runs. */
    BUDGET,
    /** What it took in too few runs, as it has no budget. */
    FEW_RUNS,
    /** Nothing. */
    NOTHING,
    /** People: a checkpoint, or a step by hand. */
    PEOPLE
  }

  /**
   * @param path of a step of the runbook itself; those within it count as one
   * @param samples in how many runs it was done
   * @param took null where nothing tells
   */
  public record OfStep(
      String path, String name, Basis basis, int samples, @Nullable Estimate took) {}

  /**
   * @param earlier runs of the same runbook that have ended, with their children
   */
  public static Prediction of(ExecutionPlan plan, List<RunStatus> earlier) {
    List<PlannedStep> planned = new ArrayList<>(plan.preflight());
    planned.addAll(plan.steps());
    List<Map<String, Took>> runs =
        earlier.stream().map(Prediction::tooks).filter(each -> !each.isEmpty()).toList();
    List<OfStep> steps = planned.stream().map(step -> step(step, runs)).toList();
    List<String> unknown =
        steps.stream().filter(each -> each.basis() == Basis.NOTHING).map(OfStep::path).toList();
    List<Duration> whole = whole(planned, runs);
    boolean isFromRuns = whole.size() >= ENOUGH;
    Estimate work = isFromRuns ? estimate(whole) : sum(steps);
    return new Prediction(
        plan.runbook(),
        runs.size(),
        plan.rto(),
        work,
        isFromRuns,
        people(runs),
        steps,
        isFromRuns ? List.of() : unknown,
        fits(plan.rto(), work, isFromRuns || unknown.isEmpty()));
  }

  private static @Nullable Boolean fits(@Nullable Duration rto, Estimate work, boolean isWhole) {
    return rto == null || !isWhole ? null : work.p90().compareTo(rto) <= 0;
  }

  private static Map<String, Took> tooks(RunStatus run) {
    Map<String, Took> tooks = new LinkedHashMap<>();
    List<StepStatus> steps = new ArrayList<>(run.preflight());
    steps.addAll(run.steps());
    steps.forEach(step -> Took.of(step).ifPresent(took -> tooks.put(step.path(), took)));
    return tooks;
  }

  private static OfStep step(PlannedStep step, List<Map<String, Took>> runs) {
    List<Duration> samples =
        runs.stream()
            .flatMap(run -> Optional.ofNullable(run.get(step.id())).stream())
            .map(took -> isOfPeople(step) ? took.people() : took.work())
            .toList();
    Duration budget = PlannedTime.of(step).orElse(null);
    Estimate seen = samples.isEmpty() ? null : estimate(samples);
    if (isOfPeople(step)) {
      return new OfStep(step.id(), step.name(), Basis.PEOPLE, samples.size(), seen);
    }
    if (samples.size() >= ENOUGH) {
      return new OfStep(step.id(), step.name(), Basis.RUNS, samples.size(), seen);
    }
    if (budget != null) {
      Estimate should = new Estimate(budget, budget);
      return new OfStep(step.id(), step.name(), Basis.BUDGET, samples.size(), should);
    }
    Basis basis = samples.isEmpty() ? Basis.NOTHING : Basis.FEW_RUNS;
    return new OfStep(step.id(), step.name(), basis, samples.size(), seen);
  }

  private static boolean isOfPeople(PlannedStep step) {
    return step.work() instanceof PlannedStep.Checkpoint
        || step.work() instanceof PlannedStep.Manual;
  }

  /** Of the runs in which each step was done that takes time of its own. */
  private static List<Duration> whole(List<PlannedStep> planned, List<Map<String, Took>> runs) {
    List<String> needed =
        planned.stream().filter(step -> !isOfPeople(step)).map(PlannedStep::id).toList();
    return runs.stream()
        .filter(run -> run.keySet().containsAll(needed))
        .map(run -> work(run, needed))
        .toList();
  }

  private static Duration work(Map<String, Took> run, List<String> steps) {
    return Took.sum(
        steps.stream()
            .flatMap(id -> Optional.ofNullable(run.get(id)).stream())
            .map(Took::work)
            .toList());
  }

  private static Estimate sum(List<OfStep> steps) {
    return steps.stream()
        .filter(step -> step.basis() != Basis.PEOPLE && step.took() != null)
        .map(step -> step.took() == null ? Estimate.NONE : step.took())
        .reduce(Estimate.NONE, Estimate::plus);
  }

  private static @Nullable Estimate people(List<Map<String, Took>> runs) {
    List<Duration> sums =
        runs.stream()
            .map(run -> Took.sum(run.values().stream().map(Took::people).toList()))
            .filter(sum -> !sum.isZero())
            .toList();
    return sums.isEmpty() ? null : estimate(sums);
  }

  private static Estimate estimate(List<Duration> samples) {
    List<Duration> sorted = samples.stream().sorted().toList();
    return new Estimate(rank(sorted, 50), rank(sorted, 90));
  }

  /** By the nearest rank: a value that was really seen. */
  private static Duration rank(List<Duration> sorted, int percent) {
    int rank = (sorted.size() * percent + 99) / 100;
    return sorted.get(Math.max(0, rank - 1));
  }
}
