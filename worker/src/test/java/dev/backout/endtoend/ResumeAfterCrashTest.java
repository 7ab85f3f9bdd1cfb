package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.testing.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run whose server is killed in the middle of an act, or that is terminated there, is gone on
 * with. Each act leaves a line: in the end there is one of each.
 */
class ResumeAfterCrashTest {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: planned
      name: count
      summary: Leave a line for each act.
      target: counter
      steps:
        - id: one
          uses: command.run
          with: { command: [sh, "DIR/act.sh", one, early] }
        - id: hosts
          each:
            in: "${{ ['a', 'b'] }}"
            as: host
            steps:
              - id: touch
                uses: command.run
                with: { command: [sh, "DIR/act.sh", "${{ host }}", early] }
        - id: below
          runbook: inner.yaml
        - id: last
          uses: command.run
          with: { command: [sh, "DIR/act.sh", last, early] }
      """;

  private static final String INNER =
      """
      apiVersion: backout/v1
      kind: planned
      name: inner
      summary: Leave more lines.
      target: inner
      steps:
        - id: first
          uses: command.run
          with: { command: [sh, "DIR/act.sh", first, early] }
        - id: held
          uses: command.run
          with: { command: [sh, "DIR/act.sh", held, late] }
          probe:
            uses: logs.scan
            with: { file: "DIR/effects", pattern: "^held$", maxMatches: 99, rotated: false }
            expect: outputs.matches == 1
        - id: blind
          uses: command.run
          with: { command: [sh, "DIR/act.sh", blind, early] }
      """;

  /** Says that it is there, and has its effect before or after it has been let on. */
  private static final String ACT =
      """
      cd "$(dirname "$0")"
      [ "$2" = early ] && echo "$1" >> effects
      echo $$ > "at-$1"
      while [ ! -e "go-$1" ]; do sleep 0.1; done
      [ "$2" = late ] && echo "$1" >> effects
      exit 0
      """;

  private static final List<String> ALL =
      List.of("one", "a", "b", "first", "held", "blind", "last");

  private Path directory;
  private OwnBackout backout;

  @BeforeEach
  void prepare(@TempDir Path root) throws IOException {
    directory = Files.createDirectories(root.toRealPath().resolve("work"));
    Files.writeString(directory.resolve("act.sh"), ACT);
    Files.writeString(directory.resolve("effects"), "");
    write("count.yaml", RUNBOOK);
    write("inner.yaml", INNER);
  }

  @AfterEach
  void end() {
    backout.close();
  }

  @Test
  void each_act_is_done_once_though_the_server_is_killed_in_two_of_them() throws Exception {
    backout = OwnBackout.in(directory.resolveSibling("own"), directory, "sh");
    letOn("one", "a", "b", "first", "last");
    begin();
    awaitAct("held");
    backout.awaitArchived("counter");
    backout.awaitArchived("counter/below");
    // The archive is some tenths of a second late; what it lacks, a person would be asked about.
    Thread.sleep(3_000);
    killIn("held");
    letOn("held");

    Said first = backout.run("resume", "counter", "--yes", "--detach");
    assertEquals(0, first.exit(), first::toString);
    killIn("blind");
    letOn("blind");

    Said second = backout.run("resume", "counter", "--yes", "--until-waiting");
    assertEquals(6, second.exit(), second::toString);
    Said settled =
        backout.run("settle", "counter", "below/blind", "--done", "--reason", "there is a line");
    assertEquals(0, settled.exit(), settled::toString);
    Said ended = backout.run("watch", "counter");
    assertEquals(0, ended.exit(), ended::toString);
    assertEquals(ALL, effects());
    String history = backout.run("history", "counter").out().replaceAll("\\s+", " ");
    assertTrue(history.contains("there is a line"), history);
  }

  @Test
  void what_no_record_tells_of_is_asked_of_the_journal_and_never_done_twice() throws Exception {
    backout = OwnBackout.in(directory.resolveSibling("own"), directory, "sh");
    begin();
    awaitAct("one");
    backout.awaitArchived("counter");
    Path archive = backout.state().resolve("archive");
    Path early = directory.resolveSibling("early");
    copy(archive, early);
    letOn("one", "a", "b", "first", "held", "last");
    killIn("blind");
    letOn("blind");
    delete(archive);
    copy(early, archive);

    Said resumed = backout.run("resume", "counter", "--yes", "--until-waiting");
    // The child runbook's run is in no record: a person says what the journal's notes mean.
    for (String step : List.of("below/first", "below/blind")) {
      assertEquals(6, resumed.exit(), resumed::toString);
      Said settled =
          backout.run("settle", "counter", step, "--done", "--reason", "there is a line");
      assertEquals(0, settled.exit(), settled::toString);
      resumed = backout.run("watch", "counter", "--until-waiting");
    }
    assertEquals(0, resumed.exit(), resumed::toString);
    assertEquals(ALL, effects());
  }

  @Test
  @RequiresProgram("temporal")
  void a_run_that_was_terminated_on_a_real_server_goes_on_with_each_act_once() throws Exception {
    backout = OwnBackout.onTemporal(directory.resolveSibling("own"), directory, "sh");
    letOn("a", "b", "first", "blind", "last");
    begin();
    awaitAct("one");
    backout.terminate("counter");
    Said status = backout.run("status", "counter");
    assertTrue(status.out().contains("backout resume"), status::toString);

    letOn("one", "held");
    Said resumed = backout.run("resume", "counter", "--yes", "--until-waiting");
    if (resumed.exit() == 6) { // It was told to end in its middle: whether it has, nobody knows.
      backout.run("settle", "counter", "one", "--done", "--reason", "there is a line");
    }
    Said ended = backout.run("watch", "counter");
    assertEquals(0, ended.exit(), ended::toString);
    assertEquals(ALL, effects());
  }

  private void begin() throws Exception {
    String runbook = directory.resolve("count.yaml").toString();
    Said said = backout.run("run", runbook, "--yes", "--detach");
    assertEquals(0, said.exit(), said::toString);
  }

  /** The server, the worker in it and what that has started. */
  private void killIn(String act) throws Exception {
    long child = awaitAct(act);
    backout.killServer();
    ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
    Files.delete(directory.resolve("at-" + act));
  }

  private long awaitAct(String act) throws Exception {
    Path there = directory.resolve("at-" + act);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(there) || Files.readString(there).isBlank()) {
      assertTrue(
          System.nanoTime() < deadline, () -> act + " never began: " + backout.status("counter"));
      Thread.sleep(50);
    }
    return Long.parseLong(Files.readString(there).strip());
  }

  private void letOn(String... acts) throws IOException {
    for (String act : acts) {
      Files.writeString(directory.resolve("go-" + act), "");
    }
  }

  private List<String> effects() throws IOException {
    return Files.readAllLines(directory.resolve("effects"));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text.replace("DIR", directory.toString()));
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
        Files.delete(file);
      }
    }
  }
}
