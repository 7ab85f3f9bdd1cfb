package dev.backout.plan;

import dev.backout.plan.ExecutionPlan.PlannedNotification;
import dev.backout.runbook.Notification;
import dev.backout.runbook.expression.EvaluationException;
import dev.backout.runbook.expression.Names;
import java.util.List;
import java.util.Map;

/** Who is told of what. Their inputs can speak of the runbook's inputs, and of no step. */
final class NotificationCompiler {
  private final CallCompiler calls;

  NotificationCompiler(CallCompiler calls) {
    this.calls = calls;
  }

  List<PlannedNotification> compile(Map<String, Notification> notifications, Names start) {
    return notifications.values().stream().map(each -> planned(each, start)).toList();
  }

  private PlannedNotification planned(Notification said, Names start) {
    return new PlannedNotification(
        said.name().value(),
        calls.compileTelling(said.call(), start).use(),
        said.events(),
        said.asked().stream().map(each -> each.value().toString()).toList());
  }

  /**
   * With the values of the plan's inputs, so that a run that takes this one back can tell the same.
   *
   * @throws EvaluationException if one of them can't be told
   */
  static List<PlannedNotification> rendered(ExecutionPlan plan) {
    Scope scope = Scope.of(plan);
    return plan.notifications().stream().map(each -> rendered(each, scope)).toList();
  }

  private static PlannedNotification rendered(PlannedNotification said, Scope scope) {
    ActionUse use = said.use();
    return new PlannedNotification(
        said.name(),
        new ActionUse(use.action(), scope.render(use.with()), use.repeatability(), use.outputs()),
        said.events(),
        said.asked());
  }
}
