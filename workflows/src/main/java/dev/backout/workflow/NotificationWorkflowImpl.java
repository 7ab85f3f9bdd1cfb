package dev.backout.workflow;

import dev.backout.history.RunStatus.RunState;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Promise;
import java.util.List;
import java.util.Map;

/** Tells all at once, and ends when the last of them was told or given up. */
public final class NotificationWorkflowImpl implements NotificationWorkflow {
  @Override
  public RunResult tell(List<Notification> notifications) {
    int[] untold = {0};
    List<Promise<Void>> all =
        notifications.stream()
            .map(each -> Async.procedure(() -> untold[0] += isTold(each) ? 0 : 1))
            .toList();
    all.forEach(
        each -> {
          Void ignored = each.get();
        });
    String outcome =
        (notifications.size() - untold[0]) + " of " + notifications.size() + " were told.";
    return new RunResult(RunState.SUCCEEDED, outcome, Map.of(), null, null, null);
  }

  private static boolean isTold(Notification notification) {
    try {
      Deliveries.deliver(notification);
      return true;
    } catch (ActivityFailure e) {
      return false;
    }
  }
}
