package dev.backout.history;

import dev.backout.plan.PlannedStep;
import dev.backout.plan.PlannedStep.TakeBack;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What taking back would do, as things are at one moment.
 *
 * @param steps in the order in which they would be carried out: what was done last comes first;
 *     their inputs are rendered, and each one's work is a {@link TakeBack}
 * @param stays what was done, changed something and has no undo, last first
 */
public record UndoPlan(List<PlannedStep> steps, List<Stays> stays) {
  public static final UndoPlan NOTHING = new UndoPlan(List.of(), List.of());

  /** A step that can't be taken back. */
  public record Stays(String step, String name) {}

  /**
   * One line for people of what {@code undo} would do.
   *
   * @param step the path of the step that would be taken back; one that begins with {@code ../} is
   *     the runbook's that has called this one
   * @param action null where nothing would be carried out
   * @param note what is to be known besides; null if it simply would be taken back
   */
  public record WouldUndo(
      String step, String name, @Nullable String action, @Nullable String note) {}

  public boolean isEmpty() {
    return steps.isEmpty();
  }

  /** Of a child runbook, as its parent sees it. */
  public UndoPlan under(String path) {
    return new UndoPlan(
        steps.stream().map(step -> under(path, step)).toList(),
        stays.stream().map(each -> new Stays(path + "/" + each.step(), each.name())).toList());
  }

  /** This one's and an earlier one's of the same steps: where both have a step, this one's. */
  public UndoPlan before(UndoPlan earlier) {
    Set<String> known = new HashSet<>();
    List<PlannedStep> all = new ArrayList<>(steps);
    steps.forEach(step -> known.add(step.id()));
    earlier.steps().stream().filter(step -> !known.contains(step.id())).forEach(all::add);
    List<Stays> left = new ArrayList<>(stays);
    earlier.stays().stream().filter(each -> !left.contains(each)).forEach(left::add);
    return new UndoPlan(List.copyOf(all), List.copyOf(left));
  }

  public List<WouldUndo> lines() {
    List<WouldUndo> lines = new ArrayList<>();
    steps.forEach(step -> lines.add(line(step, (TakeBack) step.work())));
    stays.forEach(
        each -> lines.add(new WouldUndo(each.step(), each.name(), null, "Has no undo: it stays.")));
    return List.copyOf(lines);
  }

  private static WouldUndo line(PlannedStep step, TakeBack work) {
    return new WouldUndo(
        work.step(),
        step.name(),
        work.use() == null ? null : work.use().action(),
        work.problem() != null
            ? work.problem()
            : work.inDoubt() ? "It may not have happened: you are asked first." : null);
  }

  private static PlannedStep under(String path, PlannedStep step) {
    TakeBack work = (TakeBack) step.work();
    String whole = path + "/" + work.step();
    return step(
        new TakeBack(whole, work.use(), work.inDoubt(), work.problem()),
        step.name(),
        step.timeout(),
        step.runsOn());
  }

  /** The step that carries it out. */
  static PlannedStep step(
      TakeBack work, String name, java.time.Duration timeout, @Nullable String runsOn) {
    return new PlannedStep(
        StepPath.undo(work.step()),
        name,
        work,
        null,
        timeout,
        null,
        null,
        List.of(),
        PlannedStep.OnFailure.ASK,
        null,
        null,
        runsOn);
  }
}
