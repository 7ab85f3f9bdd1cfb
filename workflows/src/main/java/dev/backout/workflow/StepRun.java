package dev.backout.workflow;

import dev.backout.plan.PlannedStep;
import dev.backout.plan.Scope;
import dev.backout.runbook.expression.EvaluationException;
import org.jspecify.annotations.Nullable;

/** One step on its way: where it is in the run, what it can see, how often it was tried. */
final class StepRun {
  final PlannedStep step;
  final String path;
  final Scope scope;
  final String name;
  private int attempt;
  private @Nullable FormerCall former;
  private boolean ofFormerRuns;

  StepRun(PlannedStep step, String path, Scope scope) {
    this(step, path, scope, 0);
  }

  /**
   * @param attempts how often it was tried before
   */
  StepRun(PlannedStep step, String path, Scope scope, int attempts) {
    this.attempt = attempts;
    this.step = step;
    this.path = path;
    this.scope = scope;
    this.name = RunLog.shortened(rendered(step.name(), scope));
  }

  /** Former runs may have carried it out: that is settled before it is begun. */
  void begunIn(FormerCall runs, int attempts) {
    former = runs;
    ofFormerRuns = true;
    attempt = attempts;
  }

  /** Former runs that may have carried it out; null once that is settled. */
  @Nullable FormerCall former() {
    return former;
  }

  /** Whether what is known of it is what former runs did. */
  boolean isOfFormerRuns() {
    return ofFormerRuns;
  }

  void settled() {
    former = null;
  }

  /** The number of the execution that now begins. */
  int nextAttempt() {
    ofFormerRuns = false;
    return ++attempt;
  }

  int attempt() {
    return attempt;
  }

  @Nullable String taskQueue() {
    String queue = step.runsOn();
    return queue == null ? null : scope.renderText(queue);
  }

  /** A name that can't be rendered is no reason to fail a step. */
  private static String rendered(String name, Scope scope) {
    try {
      return scope.renderText(name);
    } catch (EvaluationException e) {
      return name;
    }
  }
}
