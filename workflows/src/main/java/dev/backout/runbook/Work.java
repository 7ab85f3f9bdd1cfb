package dev.backout.runbook;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a step does: exactly one of these. */
public sealed interface Work {

  record Uses(ActionCall call) implements Work {}

  /**
   * People decide.
   *
   * @param question null for the step's name
   * @param quorum how many must approve; at least 1
   * @param timeout null for the default
   * @param escalateTo whom to ask when the time is up, in order, the same time each; after the last
   *     the run ends
   * @param onReject what a no leads to; null for a stop
   * @param remind how often those who are asked are asked again; null for never
   * @param then what it leads to when nobody has decided; null for a stop
   */
  record Checkpoint(
      @Nullable Template question,
      List<Located<Approver>> approvers,
      Located<Integer> quorum,
      @Nullable Located<Duration> timeout,
      List<Located<Approver>> escalateTo,
      @Nullable Located<Closed> onReject,
      @Nullable Located<Closed> then,
      boolean selfApproval,
      @Nullable Located<Duration> remind)
      implements Work {}

  /** What a checkpoint that doesn't open leads to. */
  enum Closed {
    STOP,
    UNDO
  }

  /** A person does it and ticks the items. */
  record Manual(List<Template> items) implements Work {}

  /** Branches run side by side; by the branch's name, in the order of the file. */
  record Parallel(Map<String, Branch> branches) implements Work {}

  record Branch(Located<String> name, List<Step> steps) {}

  /**
   * The steps once for each element.
   *
   * @param as the name that the element has in the steps
   * @param concurrency how many elements at a time; 1 where the runbook says nothing
   */
  record Each(Elements in, Located<String> as, Located<Integer> concurrency, List<Step> steps)
      implements Work {}

  /** What {@link Each} goes through. */
  sealed interface Elements {}

  /** An expression that gives a list. */
  record Computed(Expression expression) implements Elements {}

  /** A list that the runbook spells out. */
  record Listed(Value.Items items) implements Elements {}

  /**
   * A child runbook.
   *
   * @param path relative to the folder of the file that says it
   */
  record CallRunbook(Located<String> path, Value.Fields with) implements Work {}

  /**
   * Until a probe holds; the step's timeout is the deadline.
   *
   * @param interval null for the default
   */
  record Wait(ActionCall probe, Expression until, @Nullable Located<Duration> interval)
      implements Work {}

  /** Could not be read, which has been said: its outputs may be anything. */
  record Unreadable() implements Work {}
}
