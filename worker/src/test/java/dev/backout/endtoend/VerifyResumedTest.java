package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.Resumption;
import dev.backout.history.Resumption.Former;
import dev.backout.history.RunStatus.TakenDecision;
import dev.backout.signature.ThrowAwayKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a run says that was decided in the one that it goes on from, held against that one. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerifyResumedTest {
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: planned
      name: in-two-goes
      summary: Ask twice.
      target: TARGET
      steps:
        - id: gate
          checkpoint: { question: Begin?, approvers: [group:oncall] }
        - id: act
          uses: command.run
          with: { command: [sh, -c, "echo done"] }
        - id: second
          checkpoint: { question: Go on?, approvers: [group:oncall] }
      """;

  private Path root;
  private OwnBackout backout;
  private String key;
  private Path signers;

  @BeforeAll
  void ownBackout(@TempDir Path folder) throws Exception {
    root = folder.toRealPath();
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root, "sh");
    Path home = Files.createDirectories(root.resolve("ada"));
    String line = ThrowAwayKey.create(home).publicKeyLine();
    key = home.resolve("id_ed25519").toString();
    signers = Files.writeString(root.resolve("signers"), "ada " + line + "\n");
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @Test
  void aDecisionThatWasTakenOverIsProvenByTheFormerRun() throws Exception {
    stoppedAtTheSecond("web");
    Said resumed = backout.run("resume", "web", "--yes", "--detach", "--reason", "on we go");
    assertEquals(0, resumed.exit(), resumed::toString);
    approve("web", "second");
    assertEquals(0, backout.run("watch", "web").exit());

    Said said = verify("web");
    assertTrue(said.out().contains("It was taken in run"), said::toString);
    assertEquals(4, said.out().split("proven +approve of", -1).length, said::toString);
    Path alone = root.resolve("alone.json");
    backout.run("history", "web", "--export", alone.toString());
    Said withoutFormer = verify(alone.toString());
    assertTrue(flowing(withoutFormer).contains("give its export too"), withoutFormer::toString);

    Path log = evidence();
    Files.writeString(log, "nothing was done");
    Said altered = verify("web");
    assertEquals(1, altered.exit(), altered::toString);
    assertTrue(flowing(altered).contains("is not what the history says"), altered::toString);
  }

  /** Of the one program that was run. */
  private Path evidence() throws Exception {
    try (var files = Files.walk(backout.state().resolve("evidence"))) {
      return files.filter(file -> file.toString().endsWith("output.txt")).findFirst().orElseThrow();
    }
  }

  @Test
  void aDecisionThatNobodyTookThereIsSaidToBeNone() throws Exception {
    stoppedAtTheSecond("shop");
    backout.startResuming("shop", "mallory", VerifyResumedTest::lie);
    approve("shop", "second");
    assertEquals(0, backout.run("watch", "shop").exit());

    Said said = verify("shop");
    assertEquals(1, said.exit(), said::toString);
    assertTrue(flowing(said).contains("has no such decision"), said::toString);
  }

  /** That it was the boss who opened the gate. */
  private static Resumption lie(Resumption former) {
    Map<String, Former> steps = new LinkedHashMap<>(former.steps());
    Former gate = steps.get("gate");
    TakenDecision taken = gate.decisions().get(0);
    steps.put(
        "gate",
        new Former(
            gate.runId(),
            gate.name(),
            gate.how(),
            gate.attempt(),
            gate.startedAt(),
            gate.finishedAt(),
            gate.outputs(),
            List.of(new TakenDecision("gate", "approve", "boss", "of course", taken.at(), false)),
            gate.facts()));
    return new Resumption(
        former.runId(), steps, former.lists(), former.children(), former.undo(), former.lost());
  }

  private void stoppedAtTheSecond(String target) throws Exception {
    Path runbook =
        Files.writeString(root.resolve(target + ".yaml"), RUNBOOK.replace("TARGET", target));
    Running command = backout.start("run", runbook.toString(), "--yes");
    assertEquals("gate", backout.question(command, target).step());
    approve(target, "gate");
    assertEquals("second", backout.question(command, target).step());
    assertEquals(0, backout.run("stop", target, "--reason", "lunch").exit());
    assertEquals(5, command.said().exit());
  }

  private void approve(String target, String step) throws Exception {
    Said watched = backout.run("watch", target, "--until-waiting");
    assertEquals(6, watched.exit(), watched::toString);
    Said said = backout.run("approve", target, step, "--as", "ada", "--key", key);
    assertEquals(0, said.exit(), said::toString);
  }

  private Said verify(String what) throws Exception {
    return backout.run("verify", what, "--allowed-signers", signers.toString());
  }

  private static String flowing(Said said) {
    return said.out().replaceAll("\\s+", " ");
  }
}
