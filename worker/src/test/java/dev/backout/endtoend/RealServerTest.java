package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.testing.RequiresProgram;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What only a real Temporal server can show: lists by search attributes, several task queues. */
@RequiresProgram("temporal")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealServerTest {
  private static final String GATE =
      """
      apiVersion: backout/v1
      kind: planned
      name: %s
      summary: Ask somebody.
      target: %s
      steps:
        - id: agree
          name: Go on?
          checkpoint: { approvers: [group:oncall], timeout: 1h }
      """;

  private static final String TOLD =
      """
      notifications:
        pager:
          uses: notify.command
          with: { command: [sh, -c, "cat >> '%s'"] }
          events: [finished]
      """;

  private static final String ELSEWHERE =
      """
      apiVersion: backout/v1
      kind: planned
      name: elsewhere
      summary: Edit a file where only another worker may.
      target: elsewhere
      inputs:
        file: { type: path, description: What to edit }
      steps:
        - id: there
          name: On the database's host
          runsOn: db-hosts
          uses: dotenv.edit
          with: { file: "${{ inputs.file }}", set: { WHERE: there } }
        - id: here
          name: Here
          uses: dotenv.edit
          with: { file: "${{ inputs.file }}", set: { WHERE: here } }
      """;

  private OwnBackout backout;
  private Path root;

  @BeforeAll
  void ownBackout(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    backout =
        OwnBackout.onTemporal(
            root.resolve("own"), Files.createDirectories(root.resolve("allowed here")), "sh");
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @Test
  void temporalListsARunByItsRunbookItsTargetAndHowItStands() throws Exception {
    Running shop = gate("ask-twice", "shop");
    Running mail = gate("ask-twice", "mail");
    backout.awaitQuestion(shop, "shop");
    backout.awaitQuestion(mail, "mail");
    String ofRunbook = "BackoutRunbook = 'ask-twice' AND BackoutKind = 'planned'";
    awaitListed(
        ofRunbook + " AND BackoutOutcome = 'waiting'", List.of("backout/mail", "backout/shop"));
    Said approved = backout.run("approve", "shop", "agree");
    assertEquals(0, approved.exit(), approved::toString);
    assertEquals(0, shop.said().exit());
    awaitListed(ofRunbook + " AND BackoutOutcome = 'succeeded'", List.of("backout/shop"));
    awaitListed(ofRunbook + " AND BackoutOutcome = 'waiting'", List.of("backout/mail"));
    awaitListed("BackoutTarget = 'mail'", List.of("backout/mail"));
    backout.run("stop", "mail", "--reason", "by the test");
    assertEquals(5, mail.said().exit());
    awaitListed(ofRunbook + " AND BackoutOutcome = 'stopped'", List.of("backout/mail"));
  }

  @Test
  void aStepRunsOnTheWorkerOfItsTaskQueue() throws Exception {
    Path there = Files.createDirectories(root.resolve("allowed there"));
    Path file = Files.writeString(there.resolve("app.env"), "WHERE=nowhere\n");
    Path runbook = Files.writeString(root.resolve("elsewhere.yaml"), ELSEWHERE);
    OwnBackout other = OwnBackout.laidOut(root.resolve("other"), there);
    Process worker = other.startWorker(backout, "db-hosts");
    try {
      other.awaitWorker(worker);
      Running command =
          backout.start("run", runbook.toString(), "--yes", "--input", "file=" + file);
      // The second step comes to the worker that may not touch this directory.
      assertEquals("here", backout.question(command, "elsewhere").step());
      Said stopped = backout.run("stop", "elsewhere", "here", "--reason", "as expected");
      Said said = command.said();
      assertAll(
          () -> assertEquals(0, stopped.exit(), stopped::toString),
          () -> assertEquals(5, said.exit(), said::toString),
          () -> assertEquals("WHERE=there\n", Files.readString(file)),
          () -> assertTrue(said.all().contains("allowed"), said::toString));
    } finally {
      worker.destroy();
      worker.waitFor();
    }
  }

  @Test
  void aWorkerFindsARunThatWasTerminatedInTheListAndHasItTold() throws Exception {
    Path told = root.resolve("allowed here/told.jsonl");
    Path runbook =
        Files.writeString(
            root.resolve("told.yaml"), GATE.formatted("told", "stock") + TOLD.formatted(told));
    Running command = backout.start("run", runbook.toString(), "--yes");
    assertEquals("agree", backout.question(command, "stock").step());

    backout.terminate("stock");

    assertEquals(5, command.said().exit(), command.said()::toString);
    for (int i = 0; i < 600 && !Files.exists(told); i++) {
      Thread.sleep(100);
    }
    List<String> lines = Files.readAllLines(told);
    assertEquals(1, lines.size(), lines::toString);
    assertTrue(lines.get(0).contains("\"terminated\""), lines::toString);
  }

  private Running gate(String runbook, String target) throws Exception {
    Path file = root.resolve(target + ".yaml");
    Files.writeString(file, GATE.formatted(runbook, target));
    return backout.start("run", file.toString(), "--yes");
  }

  /** What Temporal lists comes a moment after what happened. */
  private void awaitListed(String query, List<String> expected) throws Exception {
    for (int i = 0; i < 300 && !backout.listed(query).equals(expected); i++) {
      Thread.sleep(100);
    }
    assertEquals(expected, backout.listed(query), query);
  }
}
