package dev.backout.worker;

import dev.backout.action.Journal;
import dev.backout.config.WorkerConfiguration;
import dev.backout.workflow.PreviewWorkflowImpl;
import dev.backout.workflow.RunbookWorkflowImpl;
import io.temporal.worker.Worker;

/** What a worker can do. */
final class Registrations {
  private Registrations() {}

  static void register(Worker worker, WorkerConfiguration configuration, Journal journal) {
    worker.registerWorkflowImplementationTypes(
        RunbookWorkflowImpl.class, PreviewWorkflowImpl.class);
  }
}
