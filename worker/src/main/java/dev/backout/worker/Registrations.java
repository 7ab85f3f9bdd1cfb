package dev.backout.worker;

import dev.backout.action.Journal;
import dev.backout.config.WorkerConfiguration;
import io.temporal.worker.Worker;

/** What a worker can do. */
final class Registrations {
  private Registrations() {}

  static void register(Worker worker, WorkerConfiguration configuration, Journal journal) {}
}
