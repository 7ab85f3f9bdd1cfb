package dev.backout.server;

import dev.backout.config.StateDirectory;
import java.util.concurrent.TimeUnit;

/**
 * Ends a server that nobody can find any more because its {@code server.json}, or the whole state
 * directory, is gone or names another one.
 */
final class RecordWatch {
  private static final long INTERVAL_SECONDS = 5;

  private RecordWatch() {}

  static void start(StateDirectory state, String instance) {
    Thread watch = new Thread(() -> watch(state, instance), "record-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void watch(StateDirectory state, String instance) {
    try {
      int missed = 0;
      while (missed < 2) {
        TimeUnit.SECONDS.sleep(INTERVAL_SECONDS);
        boolean found =
            ServerRecord.read(state)
                .filter(record -> record.instance().equals(instance))
                .isPresent();
        missed = found ? 0 : missed + 1;
      }
      System.exit(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
