package dev.backout.workflow;

import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Workflow;
import java.time.Duration;

/**
 * How hard it is tried to tell somebody. Temporal repeats it, so that one delivery is three events
 * of a history however often it is tried.
 */
final class Deliveries {
  /** One attempt; an action has a limit of its own, which is shorter. */
  private static final Duration ATTEMPT = Duration.ofSeconds(90);

  /** Afterwards nobody wants to hear it any more, or it will not work at all. */
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private static final RetryOptions RETRIES =
      RetryOptions.newBuilder()
          .setInitialInterval(Duration.ofSeconds(1))
          .setBackoffCoefficient(2)
          .setMaximumInterval(Duration.ofMinutes(1))
          .setMaximumAttempts(12)
          .build();

  private Deliveries() {}

  /**
   * Returns when it was told.
   *
   * @throws ActivityFailure when that was given up
   */
  static void deliver(Notification notification) {
    ActivityOptions options =
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(ATTEMPT)
            .setScheduleToCloseTimeout(LONGEST)
            .setRetryOptions(RETRIES)
            .setSummary("Tell " + notification.channel() + ": " + notification.about())
            .build();
    Workflow.newActivityStub(NotifyActivity.class, options).tell(notification);
  }
}
