package dev.backout.faults;

import dev.backout.cli.Backout;
import dev.backout.cli.Surroundings;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;

/** Whoever types the commands. They run in this process. */
record Person(Map<String, String> environment) {

  record Said(String words, int exit, String out, String err) {
    Said required(int expected) {
      if (exit != expected) {
        throw new AssertionError("Not exit " + expected + ": " + this);
      }
      return this;
    }
  }

  Said types(String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int exit =
        Backout.execute(
            new Surroundings(
                environment,
                new BufferedReader(new StringReader("")),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false,
                false,
                false,
                120,
                Clock.systemUTC()),
            words);
    return new Said(
        "backout " + String.join(" ", words),
        exit,
        out.toString(StandardCharsets.UTF_8),
        err.toString(StandardCharsets.UTF_8));
  }
}
