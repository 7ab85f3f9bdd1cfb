package dev.backout.cli;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import picocli.CommandLine;

/** What one command said on its outputs, and its exit code. */
record Said(int exit, String out, String err) {

  /** A command in this process, without a terminal, with a home of its own. */
  static Said by(Path home, String... arguments) {
    return by(home, Map.of(), arguments);
  }

  static Said by(Path home, Map<String, String> environment, String... arguments) {
    Map<String, String> all = new HashMap<>(Map.of("HOME", home.toString(), "USER", "ada"));
    all.putAll(environment);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit = Backout.execute(surroundings(all, out, err), arguments);
    return new Said(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The command line itself, for what only wants to know whether it takes something. */
  static CommandLine commandLine(Path home) {
    return Backout.commandLine(
        surroundings(
            Map.of("HOME", home.toString()),
            new ByteArrayOutputStream(),
            new ByteArrayOutputStream()));
  }

  private static Surroundings surroundings(
      Map<String, String> environment, ByteArrayOutputStream out, ByteArrayOutputStream err) {
    return new Surroundings(
        environment,
        new BufferedReader(new StringReader("")),
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        false,
        false,
        false,
        100,
        Clock.systemUTC());
  }
}
