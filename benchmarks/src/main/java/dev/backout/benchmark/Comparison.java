package dev.backout.benchmark;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Measures contenders in turn, A B C A B C …, so that a machine that slows down slows all of them,
 * and prints a Markdown table with each one's median and its ratio to the first.
 *
 * @param title what is measured
 * @param rounds counted rounds, after one that isn't
 * @param contenders by name, in the order of the table; the first is what the others are compared
 *     with
 */
public record Comparison(String title, int rounds, Map<String, Contender> contenders) {

  /** Does the work once and says how long what counts of it took. */
  @FunctionalInterface
  public interface Contender {
    Duration measure() throws Exception;
  }

  /** What is timed. */
  @FunctionalInterface
  public interface Work {
    void run() throws Exception;
  }

  /** How long it took. */
  public static Duration timed(Work work) throws Exception {
    long start = System.nanoTime();
    work.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** How many in a second. */
  public static double rate(long rows, Duration took) {
    return rows / (took.toNanos() / 1e9);
  }

  public Comparison {
    if (rounds < 1 || contenders.isEmpty()) {
      throw new IllegalArgumentException("a comparison needs a round and a contender");
    }
  }

  /** The median of each contender, by name. */
  public Map<String, Duration> run(PrintStream out) throws Exception {
    Map<String, List<Duration>> measured = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (Map.Entry<String, Contender> contender : contenders.entrySet()) {
        Duration took = contender.getValue().measure();
        if (round > 0) {
          measured.computeIfAbsent(contender.getKey(), name -> new ArrayList<>()).add(took);
        }
      }
    }
    return print(measured, out);
  }

  /** The same, and how many rows each did in a second. */
  public void run(PrintStream out, int rows) throws Exception {
    run(out)
        .forEach(
            (name, took) ->
                out.printf(Locale.ROOT, "%n%s: %,.0f rows/s%n", name, rate(rows, took)));
  }

  private Map<String, Duration> print(Map<String, List<Duration>> measured, PrintStream out) {
    out.printf("%n### %s%n%n| | median | min | max | ratio |%n|---|---|---|---|---|%n", title);
    Map<String, Duration> medians = new LinkedHashMap<>();
    measured.forEach(
        (name, durations) -> {
          List<Duration> sorted = durations.stream().sorted().toList();
          Duration median = sorted.get(sorted.size() / 2);
          medians.put(name, median);
          double ratio = (double) median.toNanos() / medians.values().iterator().next().toNanos();
          out.printf(
              Locale.ROOT,
              "| %s | %s | %s | %s | %.2f |%n",
              name,
              seconds(median),
              seconds(sorted.get(0)),
              seconds(sorted.get(sorted.size() - 1)),
              ratio);
        });
    return medians;
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.3f s", duration.toNanos() / 1e9);
  }
}
