package dev.backout.demo;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Backout's ordinary commands, each in a process of its own, as a user would type them. */
final class Commands {
  private final List<String> java;
  private final Map<String, String> environment;

  /**
   * @param main the main class
   */
  Commands(String main, Map<String, String> environment) {
    this.java = java(main);
    this.environment = environment;
  }

  /** As this process was started, whatever the launcher's flags were. */
  static List<String> java(String main) {
    List<String> java = new ArrayList<>();
    java.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-X") || argument.startsWith("-D"))
        .forEach(java::add);
    java.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    return java;
  }

  /** Runs one on this terminal and returns its exit code. */
  int run(List<String> words) throws IOException, InterruptedException {
    return start(words).waitFor();
  }

  /** Starts one on this terminal. */
  Process start(List<String> words) throws IOException {
    return builder(words).inheritIO().start();
  }

  /** What one says on both its outputs, and its exit code. */
  Said ask(List<String> words) throws IOException, InterruptedException {
    Process process =
        builder(words)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    try (InputStream output = process.getInputStream()) {
      String text = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      return new Said(process.waitFor(), text);
    }
  }

  record Said(int exit, String text) {}

  private ProcessBuilder builder(List<String> words) {
    List<String> command = new ArrayList<>(java);
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }
}
