package dev.backout.action.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Breaks a connection off when its time is up. The driver's own limit begins anew with each byte,
 * so that a server which drips could hold it for ever.
 */
final class Hourglass implements AutoCloseable {
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "backout-postgres-limit");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param deadline as {@link System#nanoTime} counts
   */
  Hourglass(Connection connection, long deadline) {
    var unused =
        clock.schedule(
            () -> breakOff(connection), deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private static void breakOff(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      // It is broken already, which is what was wanted.
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
