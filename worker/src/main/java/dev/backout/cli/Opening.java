package dev.backout.cli;

import dev.backout.client.BackoutClient;
import dev.backout.config.Settings;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A connection that is made while the runbook is read: each takes a good part of the time that a
 * command may take.
 */
final class Opening implements AutoCloseable {
  private final FutureTask<BackoutClient> task;

  private Opening(FutureTask<BackoutClient> task) {
    this.task = task;
  }

  static Opening begin(Settings settings) {
    FutureTask<BackoutClient> task = new FutureTask<>(() -> BackoutClient.open(settings));
    Thread thread = new Thread(task, "connect");
    thread.setDaemon(true);
    thread.start();
    return new Opening(task);
  }

  /** Waits for it; what kept it from connecting is thrown here. */
  BackoutClient client() throws InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Does not wait for a server that nobody needs any more: the process is about to end. */
  @Override
  public void close() throws InterruptedException {
    if (task.isDone()) {
      try {
        task.get().close();
      } catch (ExecutionException e) {
        // There is nothing to close, and why has been said by whoever asked for the client.
      }
    }
  }
}
