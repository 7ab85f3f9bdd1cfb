package dev.backout.faults;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what is done to a site as the kernel and the service tell it, whoever does it: how often a
 * file took its place, how often a process of the service came up and was told to end.
 */
final class Effects implements AutoCloseable {
  private static final Map<String, String> FILES =
      Map.of(".", ".env", "config", "settings.yaml", "var", "app.db");

  private final Path home;
  private final WatchService watch;
  private final Map<String, Integer> counts = new TreeMap<>();
  private final int linesBefore;

  private Effects(Path home, WatchService watch, int linesBefore) {
    this.home = home;
    this.watch = watch;
    this.linesBefore = linesBefore;
  }

  /** From now on; the service must have said that it is up. */
  static Effects of(Path home) throws IOException, InterruptedException {
    // It answers a moment before it says so.
    while (log(home).stream().filter(line -> line.contains(": started on ")).count() < 2) {
      Thread.sleep(20);
    }
    WatchService watch = FileSystems.getDefault().newWatchService();
    for (String directory : FILES.keySet()) {
      home.resolve(directory).normalize().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
    }
    return new Effects(home, watch, log(home).size());
  }

  private static List<String> log(Path home) throws IOException {
    return Files.readAllLines(home.resolve("logs/signal-harvester.log"));
  }

  /** How often each has happened so far. */
  synchronized Map<String, Integer> counts() throws IOException {
    for (WatchKey key = watch.poll(); key != null; key = watch.poll()) {
      for (WatchEvent<?> event : key.pollEvents()) {
        String name = String.valueOf(event.context());
        if (event.kind() == StandardWatchEventKinds.OVERFLOW) {
          throw new AssertionError("More happened than could be counted");
        }
        if (FILES.containsValue(name)) {
          counts.merge(name + " replaced", event.count(), Integer::sum);
        }
      }
      key.reset();
    }
    Map<String, Integer> all = new TreeMap<>(counts);
    for (String line : log(home).subList(linesBefore, log(home).size())) {
      String[] words = line.split(" ", 5);
      if (words.length > 3 && (words[3].equals("started") || words[3].equals("stopped"))) {
        all.merge(words[2] + " " + words[3], 1, Integer::sum);
      }
    }
    return all;
  }

  boolean hasHappened(String effect) throws IOException {
    return counts().containsKey(effect);
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
