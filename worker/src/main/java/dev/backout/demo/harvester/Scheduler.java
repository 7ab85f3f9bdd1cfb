package dev.backout.demo.harvester;

import java.sql.SQLException;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Harvests at an interval, the first time one interval after its start. */
final class Scheduler {
  private final Settings settings;
  private final Store store;
  private final ServiceLog log;

  Scheduler(Settings settings, Store store, ServiceLog log) {
    this.settings = settings;
    this.store = store;
    this.log = log;
  }

  AutoCloseable start() {
    long millis = settings.harvestEvery().toMillis();
    ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    var unused = timer.scheduleAtFixedRate(this::harvest, millis, millis, TimeUnit.MILLISECONDS);
    log.info("next harvest in " + settings.harvestEvery().toSeconds() + " seconds");
    return timer::shutdownNow;
  }

  private void harvest() {
    try {
      store.harvest(Clock.systemUTC().instant());
      log.info("harvested one artifact");
    } catch (SQLException e) {
      log.error("harvest failed: " + e.getMessage());
    }
  }
}
