package dev.backout.cli;

import dev.backout.workflow.RunClient.RefusedException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Waits until a decision is judged, but not for ever: Temporal's client would, where the worker
 * dies with it and no other comes.
 */
final class Judgement {
  /** Longer than it takes until another worker goes on in the place of one that has died. */
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private Judgement() {}

  /** Sends it, and returns once it is judged. */
  interface Sending {
    void send() throws RefusedException;
  }

  /** Nobody has judged it. It may still be judged later. */
  static final class UnansweredException extends Exception {
    private static final long serialVersionUID = 1L;

    UnansweredException(Exception cause) {
      super("no worker has judged it within " + PATIENCE.toSeconds() + " s", cause);
    }
  }

  static void await(Sending sending) throws RefusedException, UnansweredException {
    FutureTask<Boolean> judged =
        new FutureTask<>(
            () -> {
              sending.send();
              return true;
            });
    Thread thread = new Thread(judged, "decision");
    thread.setDaemon(true);
    thread.start();
    try {
      judged.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new UnansweredException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnansweredException(e);
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  private static RefusedException unwrapped(ExecutionException e) {
    if (e.getCause() instanceof RefusedException refused) {
      return refused;
    }
    if (e.getCause() instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    throw new IllegalStateException(e);
  }
}
