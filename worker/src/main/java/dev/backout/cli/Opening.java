package dev.backout.cli;

import dev.backout.client.BackoutClient;
import dev.backout.config.Settings;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is made while the runbook is read: each takes a good part of the time that a
 * command may take. No server is started for it before the runbook has turned out to be sound.
 */
final class Opening implements AutoCloseable {
  private final Settings settings;
  private final FutureTask<BackoutClient> task;
  private @Nullable BackoutClient started;

  private Opening(Settings settings, FutureTask<BackoutClient> task) {
    this.settings = settings;
    this.task = task;
  }

  static Opening begin(Settings settings) {
    FutureTask<BackoutClient> task = new FutureTask<>(() -> BackoutClient.openToRead(settings));
    Thread thread = new Thread(task, "connect");
    thread.setDaemon(true);
    thread.start();
    return new Opening(settings, task);
  }

  /** Waits for it; what kept it from connecting is thrown here. */
  BackoutClient client() throws InterruptedException {
    try {
      BackoutClient there = task.get();
      if (there.isConnected()) {
        return there;
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
    started = BackoutClient.open(settings);
    return started;
  }

  /** Does not wait for a connection that nobody needs any more: the process is about to end. */
  @Override
  public void close() throws InterruptedException {
    if (started != null) {
      started.close();
    }
    if (task.isDone()) {
      try {
        task.get().close();
      } catch (ExecutionException e) {
        // There is nothing to close, and why has been said by whoever asked for the client.
      }
    }
  }
}
