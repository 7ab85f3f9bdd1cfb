package dev.backout.action.sync.compare;

import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Two readings at the same time, each of a connection of its own. */
final class Both {
  private static final long END_SECONDS = 30;

  private Both() {}

  interface Work {
    void run() throws ActionException, IOException;
  }

  /** Fails as the one that fails, and leaves neither under way. */
  static void run(Work one, Work other) throws ActionException, IOException {
    ExecutorService thread =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread made = new Thread(task, "backout-compare");
              made.setDaemon(true);
              return made;
            });
    try {
      Future<?> beside =
          thread.submit(
              () -> {
                one.run();
                return null;
              });
      other.run();
      beside.get();
    } catch (ExecutionException e) {
      throw thrown(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("The worker is shutting down.");
    } finally {
      end(thread);
    }
  }

  /** The reader looks whether it was interrupted, every few thousand rows. */
  private static void end(ExecutorService thread) {
    thread.shutdownNow();
    try {
      boolean ignored = thread.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static RuntimeException thrown(@Nullable Throwable cause)
      throws ActionException, IOException {
    if (cause instanceof ActionException action) {
      throw action;
    }
    if (cause instanceof IOException io) {
      throw io;
    }
    if (cause instanceof RuntimeException known) {
      throw known;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    throw new IllegalStateException(cause);
  }
}
