package dev.backout.worker;

import dev.backout.action.ActionRegistry;
import dev.backout.runbook.expression.Programs;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads what a worker's first run would have to load, some seconds' worth: beforehand, while nobody
 * waits for it.
 */
final class WarmUp implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

  private final Thread thread;

  private WarmUp(Thread thread) {
    this.thread = thread;
  }

  /**
   * @param delay leaves the processor to a run for which the worker may have been started
   */
  static WarmUp start(ActionRegistry actions, Duration delay) {
    Thread thread =
        new Thread(
            () -> {
              try {
                TimeUnit.MILLISECONDS.sleep(delay.toMillis());
                load(actions);
              } catch (InterruptedException e) {
                // The worker ends.
              }
            },
            "warm-up");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.start();
    return new WarmUp(thread);
  }

  private static void load(ActionRegistry actions) {
    try {
      Object unused = new Programs().get("size('') == 0", Set.of()).evaluate(Map.of());
      actions.prepare();
    } catch (RuntimeException e) {
      LOG.warn("What a run needs can't be loaded beforehand: {}", e.toString());
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
