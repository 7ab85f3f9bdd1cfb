package dev.backout.worker;

import dev.backout.action.ActionDispatcher;
import dev.backout.action.ActionRegistry;
import dev.backout.action.ActionRunner;
import dev.backout.action.SecretStore;
import dev.backout.action.WorkerLimits;
import dev.backout.config.WorkerConfiguration;
import dev.backout.policy.PolicyFile;
import dev.backout.workflow.NotificationWorkflowImpl;
import dev.backout.workflow.PreviewWorkflowImpl;
import dev.backout.workflow.RunbookWorkflowImpl;
import io.temporal.activity.Activity;
import io.temporal.client.WorkflowClient;
import io.temporal.worker.Worker;
import java.time.Clock;

/** What a worker can do. */
final class Registrations {
  private Registrations() {}

  static void register(
      Worker worker,
      WorkerConfiguration configuration,
      SqliteJournal journal,
      WorkflowClient client,
      ActionRegistry registry) {
    worker.registerWorkflowImplementationTypes(
        RunbookWorkflowImpl.class, PreviewWorkflowImpl.class, NotificationWorkflowImpl.class);
    PolicyFile policy =
        new PolicyFile(configuration.policy().file(), configuration.policy().named());
    ActionRunner actions = new ActionRunner(registry, journal);
    worker.registerActivitiesImplementations(
        new AdmissionDesk(
            policy,
            journal,
            Clock.systemUTC(),
            NotificationDesk.channels(configuration.notifications())),
        new DecisionDesk(policy, Clock.systemUTC()),
        new JournalDesk(
            journal,
            new HoldersByHistory(client),
            actions::isNotedFirst,
            () -> Activity.getExecutionContext().getInfo().getRunId()),
        new NotificationDesk(
            configuration.notifications(),
            secrets(configuration.secrets()),
            limits(configuration),
            new PolicyActs(policy)),
        new ActionDispatcher(
            actions,
            secrets(configuration.secrets()),
            limits(configuration),
            new PolicyActs(policy)));
  }

  private static SecretStore secrets(WorkerConfiguration.Secrets secrets) {
    return new SecretStore(
        secrets.files(),
        secrets.directory(),
        secrets.environment() ? System.getenv() : null,
        secrets.command());
  }

  private static WorkerLimits limits(WorkerConfiguration configuration) {
    return new WorkerLimits(
        configuration.allowedDirectories(),
        configuration.allowedPrograms(),
        configuration.evidence());
  }
}
