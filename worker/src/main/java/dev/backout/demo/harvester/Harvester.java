package dev.backout.demo.harvester;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code harvest api} serves HTTP, {@code harvest daemon} harvests now and then; both in the
 * service's directory, which is the current one. Ends cleanly on TERM.
 */
public final class Harvester {
  private static final String USAGE = "usage: harvest api|daemon [--ignore-term]";

  private Harvester() {}

  public static void main(String[] args) throws Exception {
    List<String> words = List.of(args);
    if (words.isEmpty() || !List.of("api", "daemon").contains(words.get(0))) {
      System.err.println(USAGE);
      System.exit(2);
    }
    String role = words.get(0);
    Path home = Path.of("").toAbsolutePath();
    try {
      start(role, home, words.contains("--ignore-term"));
    } catch (IOException | IllegalArgumentException e) {
      System.err.println("harvest " + role + ": " + e.getMessage());
      System.exit(1);
    }
  }

  private static void start(String role, Path home, boolean ignoreTerm) throws IOException {
    Settings settings = Settings.read(home);
    ServiceLog log = new ServiceLog(home.resolve("logs/signal-harvester.log"), role);
    Store store = new Store(settings.jdbcUrl());
    Path pidFile = home.resolve("var").resolve(role + ".pid");
    AutoCloseable service =
        role.equals("api")
            ? new Api(settings, store, log).start()
            : new Scheduler(settings, store, log).start();
    Files.createDirectories(pidFile.getParent());
    Files.writeString(pidFile, ProcessHandle.current().pid() + "\n");
    log.info("started on " + settings.shownDatabase());
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stop(service, log, pidFile, ignoreTerm), "stop"));
  }

  private static void stop(
      AutoCloseable service, ServiceLog log, Path pidFile, boolean ignoreTerm) {
    if (ignoreTerm) {
      log.warn("asked to stop, and hanging as told");
      hangForEver();
    }
    try {
      service.close();
      Files.deleteIfExists(pidFile);
    } catch (Exception e) {
      log.error("could not stop cleanly: " + e.getMessage());
    }
    log.info("stopped");
  }

  /** A JVM whose shutdown hook does not return goes on serving until it is killed. */
  private static void hangForEver() {
    while (true) {
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        // Nothing interrupts a shutdown hook on purpose, and hanging is what was asked for.
      }
    }
  }
}
