package dev.backout.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A benchmark's second process, in which nothing but what is measured takes memory. */
final class OwnProcess {
  private OwnProcess() {}

  /**
   * Runs the class once more, on this process's streams.
   *
   * @param heap how much it may have, as Java says it: {@code 256m}
   */
  static void run(String heap, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(List.of("-Xmx" + heap, "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"));
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    words.addAll(List.of(arguments));
    run(new ProcessBuilder(words).inheritIO());
  }

  static void run(ProcessBuilder builder) throws IOException, InterruptedException {
    if (builder.start().waitFor() != 0) {
      throw new IllegalStateException(builder.command() + " failed");
    }
  }

  /** The most memory that this process has had, in MiB, by Linux's own word. */
  static long peakMemory() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow();
  }
}
