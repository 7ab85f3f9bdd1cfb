package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.RunStatus.Waiting;
import dev.backout.history.RunStatus.WaitingFor;
import dev.backout.testing.RequiresProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A worker that is killed in the middle of acts that must not be repeated, on Temporal's own
 * server: each act leaves a line, and in the end there is one of each.
 */
@RequiresProgram("temporal")
class KilledWorkerTest {
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: planned
      name: count
      summary: Leave a line for each act.
      target: counter
      steps:
        - id: tail
          runsOn: hands
          uses: command.run
          with: { command: [sh, "DIR/act.sh", tail, late] }
          probe:
            uses: logs.scan
            with: { file: "DIR/effects", pattern: "^tail$", maxMatches: 99, rotated: false }
            expect: outputs.matches == 1
        - id: head
          runsOn: hands
          uses: command.run
          with: { command: [sh, "DIR/act.sh", head, early] }
          probe:
            uses: logs.scan
            with: { file: "DIR/effects", pattern: "^head$", maxMatches: 99, rotated: false }
            expect: outputs.matches == 1
        - id: blind
          runsOn: hands
          uses: command.run
          with: { command: [sh, "DIR/act.sh", blind, early] }
        - id: last
          runsOn: hands
          uses: command.run
          with: { command: [sh, "DIR/act.sh", last, early] }
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

  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private Path directory;
  private OwnBackout server;
  private OwnBackout hands;
  private Process worker;

  @AfterEach
  void end() {
    if (worker != null) {
      worker.destroyForcibly();
    }
    if (server != null) {
      server.close();
    }
  }

  @Test
  void noActIsDoneTwiceAndNoneIsLostUnsaid(@TempDir Path root) throws Exception {
    begin(root.toRealPath());
    Running command = server.start("run", directory.resolve("count.yaml").toString(), "--yes");

    killWhileIn("tail");
    assertEquals(List.of(), effects());
    letOn("tail");
    startWorker();

    killWhileIn("head");
    assertEquals(List.of("tail", "head"), effects());
    letOn("head");
    startWorker();

    killWhileIn("blind");
    letOn("blind");
    startWorker();
    Waiting asked = server.awaitQuestion(command, "counter").orElseThrow();
    assertEquals("blind", asked.step());
    assertEquals(WaitingFor.DOUBT, asked.reason());
    assertTrue(asked.question().contains("is gone"), asked::question);
    Said settled = server.run("settle", "counter", "--done", "--reason", "there is a line");
    assertEquals(0, settled.exit(), settled::toString);

    letOn("last");
    Said ended = command.said();
    assertEquals(0, ended.exit(), ended::toString);
    assertEquals(List.of("tail", "head", "blind", "last"), effects());

    String history = server.run("history", "counter").out().replaceAll("\\s+", " ");
    assertTrue(history.contains("tail has not happened"), history);
    assertTrue(history.contains("head has happened"), history);
    assertTrue(history.contains("decided `done` for blind"), history);
  }

  private void begin(Path root) throws Exception {
    prepare(root, RUNBOOK);
    server = OwnBackout.onTemporal(root.resolve("server"), directory);
    hands = OwnBackout.laidOut(root.resolve("hands"), directory, "sh");
    startWorker();
  }

  @Test
  void aRunGoesOnAfterItsServerAndTheWorkerInItWereKilledInTheMiddleOfAnAct(@TempDir Path root)
      throws Exception {
    prepare(root.toRealPath(), RUNBOOK.replace("    runsOn: hands\n", ""));
    server = OwnBackout.onTemporal(directory.resolveSibling("server"), directory, "sh");
    for (String act : List.of("head", "blind", "last")) {
      letOn(act);
    }
    String runbook = directory.resolve("count.yaml").toString();
    Running command = server.start("run", runbook, "--yes", "--detach");
    assertEquals(0, command.said().exit());
    long child = awaitAct("tail");
    server.killServer();
    ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
    letOn("tail");

    assertEquals(0, server.run("server", "start").exit());
    Said ended = server.run("watch", "counter");
    assertEquals(0, ended.exit(), ended::toString);
    assertEquals(List.of("tail", "head", "blind", "last"), effects());
  }

  private void prepare(Path root, String runbook) throws IOException {
    directory = Files.createDirectories(root.resolve("work"));
    Files.writeString(directory.resolve("act.sh"), ACT);
    Files.writeString(directory.resolve("effects"), "");
    Files.writeString(
        directory.resolve("count.yaml"), runbook.replace("DIR", directory.toString()));
  }

  private void startWorker() throws IOException, InterruptedException {
    worker = hands.startWorker(server, "hands");
    hands.awaitWorker(worker);
  }

  /** The worker and what it has started: nobody is left who could go on. */
  private void killWhileIn(String act) throws Exception {
    long child = awaitAct(act);
    worker.destroyForcibly().waitFor();
    ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
    Files.delete(directory.resolve("at-" + act));
  }

  /** The process of an act, once it is there. */
  private long awaitAct(String act) throws Exception {
    Path there = directory.resolve("at-" + act);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(there) || Files.readString(there).isBlank()) {
      assertTrue(System.nanoTime() < deadline, () -> act + " never began");
      Thread.sleep(50);
    }
    return Long.parseLong(Files.readString(there).strip());
  }

  private void letOn(String act) throws IOException {
    Files.writeString(directory.resolve("go-" + act), "");
  }

  private List<String> effects() throws IOException {
    return Files.readAllLines(directory.resolve("effects"));
  }
}
