package dev.backout.workflow;

import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;

/** A part of a run whose step under way a person can interrupt. */
final class Interruptible {
  private Interruptible() {}

  /**
   * Does it; returns early if a person interrupts it.
   *
   * @throws CanceledFailure if the run itself is cancelled
   */
  static void run(Ending ending, Runnable work) {
    run(ending, Workflow.newCancellationScope(work::run));
  }

  /** The same, where a cancellation of the run changes nothing. */
  static void detached(Ending ending, Runnable work) {
    run(ending, Workflow.newDetachedCancellationScope(work::run));
  }

  private static void run(Ending ending, CancellationScope scope) {
    ending.interruptedBy(scope::cancel);
    try {
      scope.run();
    } catch (CanceledFailure e) {
      if (!ending.isSet() || !scope.isCancelRequested() || isCancelled(scope)) {
        throw e;
      }
    }
  }

  /** Not by a person's word, but from around the scope. */
  private static boolean isCancelled(CancellationScope scope) {
    return !scope.isDetached() && CancellationScope.current().isCancelRequested();
  }
}
