package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.plan.Json;
import dev.backout.testing.RequiresProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run that is cancelled or terminated by another client of Temporal, such as its own command line
 * or its web page: what every command then says of it is what has happened.
 */
@RequiresProgram("temporal")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnotherClientsWordTest {
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: planned
      name: there-and-back
      summary: Leave a line, ask, and leave another one for taking it back.
      target: TARGET
      steps:
        - id: there
          uses: command.run
          with: { command: [sh, "DIR/act.sh", there] }
          undo:
            uses: command.run
            with: { command: [sh, "DIR/act.sh", back] }
        - id: agree
          name: Go on?
          checkpoint: { approvers: [group:oncall], timeout: 1h, onReject: undo }
      """;

  /** Leaves its line once it is let on. */
  private static final String ACT =
      """
      cd "$(dirname "$0")"
      echo > "at-$1"
      while [ ! -e "go-$1" ]; do sleep 0.1; done
      echo "$1" >> effects
      """;

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private Path root;
  private OwnBackout backout;

  @BeforeAll
  void ownBackout(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    backout = OwnBackout.onTemporal(root.resolve("own"), root, "sh");
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @Test
  void aRunThatIsCancelledAtAGateIsCancelledEverywhere() throws Exception {
    Running command = begin("at-a-gate");
    letOn("at-a-gate", "there");
    assertEquals("agree", backout.question(command, "at-a-gate").step());
    backout.cancel("at-a-gate");
    assertEquals(5, command.said().exit());
    assertEverywhere("CANCELLED", "cancelled", "at-a-gate");
    assertEquals(List.of("there"), effects("at-a-gate"));
  }

  @Test
  void aRunThatIsCancelledWhileItIsTakenBackIsTakenBackAllTheSame() throws Exception {
    Running command = undoing("in-undo");
    backout.cancel("in-undo");
    Said during = backout.run("status", "in-undo");
    assertEquals("RUNNING", state("in-undo"), during::toString);
    letOn("in-undo", "back");
    Said said = command.said();
    assertEquals(5, said.exit(), said::toString);
    assertEverywhere("UNDONE", "undone", "in-undo");
    assertEquals(List.of("there", "back"), effects("in-undo"));
  }

  @Test
  void aRunThatIsTerminatedWhileItIsTakenBackIsNotSaidToBe() throws Exception {
    Running command = undoing("cut-off");
    backout.terminate("cut-off");
    Said said = command.said();
    assertEquals(5, said.exit(), said::toString);
    assertEverywhere("TERMINATED", "terminated", "cut-off");
    JsonNode status = Json.MAPPER.readTree(backout.run("status", "cut-off", "-o", "json").out());
    assertEquals("DONE", status.path("steps").path(0).path("state").asText(), status::toString);
    letOn("cut-off", "back");
  }

  private Running undoing(String target) throws Exception {
    Running command = begin(target);
    letOn(target, "there");
    backout.awaitQuestion(command, target);
    Said rejected = backout.run("reject", target, "agree", "--reason", "not now");
    assertEquals(0, rejected.exit(), rejected::toString);
    Path there = directory(target).resolve("at-back");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(there)) {
      assertTrue(System.nanoTime() < deadline, "it is not taken back");
      Thread.sleep(50);
    }
    return command;
  }

  private Running begin(String target) throws Exception {
    Path directory = Files.createDirectories(directory(target));
    Files.writeString(directory.resolve("act.sh"), ACT);
    Path runbook =
        Files.writeString(
            directory.resolve("there-and-back.yaml"),
            RUNBOOK.replace("DIR", directory.toString()).replace("TARGET", target));
    return backout.start("run", runbook.toString(), "--yes");
  }

  private void assertEverywhere(String state, String word, String target) throws Exception {
    assertEquals(state, state(target));
    JsonNode history = Json.MAPPER.readTree(backout.run("history", target, "-o", "json").out());
    assertEquals(state, history.path("status").path("state").asText());
    for (JsonNode run : Json.MAPPER.readTree(backout.run("runs", "-o", "json").out())) {
      if (run.path("target").asText().equals(target)) {
        assertEquals(state, run.path("state").asText(), run::toString);
      }
    }
    for (String command : List.of("status", "history")) {
      Said said = backout.run(command, target);
      assertTrue(said.out().toLowerCase(Locale.ROOT).contains(word), said::toString);
    }
  }

  private String state(String target) throws Exception {
    return Json.MAPPER
        .readTree(backout.run("status", target, "-o", "json").out())
        .path("state")
        .asText();
  }

  private Path directory(String target) {
    return root.resolve(target);
  }

  private void letOn(String target, String act) throws Exception {
    Files.writeString(directory(target).resolve("go-" + act), "");
  }

  private List<String> effects(String target) throws Exception {
    return Files.readAllLines(directory(target).resolve("effects"));
  }
}
