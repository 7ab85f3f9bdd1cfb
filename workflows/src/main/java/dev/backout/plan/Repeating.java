package dev.backout.plan;

import dev.backout.catalog.Repeatability;
import dev.backout.runbook.Diagnostics;
import dev.backout.runbook.Step;
import org.jspecify.annotations.Nullable;

/**
 * Whether and how often a step's action may be done again: the action's own word, unless the step's
 * {@code rerun} overrides it.
 *
 * @param repeatability null where the step has no action of its own
 * @param retry null for one attempt
 */
record Repeating(@Nullable Repeatability repeatability, PlannedStep.@Nullable Retry retry) {

  static Repeating of(Step step, CallCompiler.@Nullable Call call, Diagnostics diagnostics) {
    if (call == null) {
      withoutAction(step, diagnostics);
      return new Repeating(null, null);
    }
    Repeatability own = call.use().repeatability();
    Repeatability repeatability = overridden(step, own);
    if (own == Repeatability.NEVER && repeatability == Repeatability.SAFE && step.rerun() != null) {
      diagnostics.warning(
          step.rerun().range(),
          "rerun-overrides-action",
          "`" + call.use().action() + "` says that it must not be repeated: " + because(call),
          "Keep this only if a second time does no harm here");
    }
    boolean once = repeatability == Repeatability.NEVER || isNever(step);
    if (once && step.retry() != null && step.retry().attempts().value() > 1) {
      diagnostics.error(
          step.retry().attempts().range(),
          "retry-not-safe",
          isNever(step)
              ? "This step is tried once, as its `rerun: never` says"
              : "`" + call.use().action() + "` is tried once: " + because(call),
          "Take `retry` away, or say `rerun: safe` if a second time does no harm here");
    }
    return new Repeating(repeatability, once ? null : retry(step));
  }

  ActionUse on(ActionUse use) {
    return repeatability == null
        ? use
        : new ActionUse(
            use.action(), use.with(), repeatability, use.outputs(), use.nothingToUndo());
  }

  private static String because(CallCompiler.Call call) {
    return call.because().replaceFirst("\\.$", "");
  }

  private static void withoutAction(Step step, Diagnostics diagnostics) {
    if (step.retry() != null) {
      diagnostics.error(
          step.retry().attempts().range(),
          "retry-without-action",
          "Only a step with `uses` is retried",
          "Put it on the steps within");
    }
  }

  /** What only reads stays so: that it must not be repeated only takes its retries. */
  private static Repeatability overridden(Step step, Repeatability own) {
    if (step.rerun() == null || own == Repeatability.READ_ONLY) {
      return own;
    }
    return isNever(step) ? Repeatability.NEVER : Repeatability.SAFE;
  }

  private static boolean isNever(Step step) {
    return step.rerun() != null && step.rerun().value() == Step.Rerun.NEVER;
  }

  private static PlannedStep.Retry retry(Step step) {
    Step.Retry retry = step.retry();
    if (retry == null) {
      return new PlannedStep.Retry(Defaults.ATTEMPTS, Defaults.RETRY_INTERVAL);
    }
    return new PlannedStep.Retry(
        retry.attempts().value(),
        retry.interval() == null ? Defaults.RETRY_INTERVAL : retry.interval().value());
  }
}
