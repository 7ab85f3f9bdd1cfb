package dev.backout.workflow;

import dev.backout.history.RunEvent;
import io.temporal.failure.CanceledFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Promise;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.function.Supplier;

/** Looks at the clock while a step runs. A budget that has passed is said, and stops nothing. */
final class Budgets {
  private final RunLog log;

  Budgets(RunLog log) {
    this.log = log;
  }

  <T> T watch(StepRun step, Supplier<T> work) {
    Duration budget = step.step.budget();
    if (budget == null) {
      return work.get();
    }
    CancellationScope watch = after(budget, () -> over(step, budget));
    try {
      return work.get();
    } finally {
      watch.cancel();
    }
  }

  private void over(StepRun step, Duration budget) {
    log.note(new RunEvent.OverBudget(RunLog.now(), step.path, budget));
  }

  /** Does something later, unless the scope is cancelled before. */
  static CancellationScope after(Duration pause, Runnable then) {
    CancellationScope scope =
        Workflow.newCancellationScope(
            () -> {
              Promise<Void> ignored = Async.procedure(() -> sleepThen(pause, then));
            });
    scope.run();
    return scope;
  }

  private static void sleepThen(Duration pause, Runnable then) {
    try {
      Workflow.sleep(pause);
    } catch (CanceledFailure e) {
      return;
    }
    then.run();
  }
}
