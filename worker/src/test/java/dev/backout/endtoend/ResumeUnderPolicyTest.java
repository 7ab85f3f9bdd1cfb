package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.history.Facts;
import dev.backout.history.Resumption;
import dev.backout.history.Resumption.Former;
import dev.backout.history.Resumption.How;
import dev.backout.history.RunStatus.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** With a policy in force nothing is taken over at the word of whoever starts a run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResumeUnderPolicyTest {
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
          with: { command: [sh, "-c", "echo one >> DIR/effects"] }
        - id: gate
          name: Go on?
          checkpoint: { approvers: [group:oncall], quorum: 1, timeout: 4h }
        - id: two
          uses: command.run
          with: { command: [sh, "-c", "test -e DIR/well && echo two >> DIR/effects"] }
          onFailure: stop
      """;

  private static final String POLICY =
      """
      apiVersion: backout/v1
      requireVerified: false
      groups: { oncall: [joan] }
      start: [{ who: user:ada, kinds: [planned], targets: ["*"] }]
      decide: [{ who: [user:ada, group:oncall], choices: ["*"] }]
      """;

  private Path directory;
  private Path runbook;
  private OwnBackout backout;

  @BeforeAll
  void ownBackout(@TempDir Path root) throws Exception {
    directory = root.toRealPath();
    backout = OwnBackout.in(Files.createDirectories(directory.resolve("own")), directory, "sh");
    Files.writeString(directory.resolve("own/config/backout/policy.yaml"), POLICY);
    runbook =
        Files.writeString(
            directory.resolve("count.yaml"), RUNBOOK.replace("DIR", directory.toString()));
  }

  @AfterAll
  void end() {
    backout.close();
  }

  @BeforeEach
  void before() throws IOException {
    Files.writeString(directory.resolve("effects"), "");
    Files.deleteIfExists(directory.resolve("well"));
  }

  @Test
  void the_journal_speaks_for_what_was_done_and_the_gate_is_asked_again() throws Exception {
    Running unused = waitingAtTheGate();
    approve();
    assertEquals(5, backout.run("watch", "counter").exit());
    Files.writeString(directory.resolve("well"), "");

    Said resumed = backout.run("resume", "counter", "--yes", "--as", "ada", "--until-waiting");
    assertEquals(6, resumed.exit(), resumed::toString);
    assertTrue(resumed.out().contains("asked again"), resumed::toString);
    approve();
    Said ended = backout.run("watch", "counter");
    assertEquals(0, ended.exit(), ended::toString);
    assertEquals(List.of("one", "two"), effects());
  }

  @Test
  void a_start_that_says_the_gate_was_opened_opens_no_gate() throws Exception {
    Running run = waitingAtTheGate();
    Waiting gate = backout.question(run, "counter");
    assertEquals(
        0, backout.run("stop", "counter", "--as", "ada", "--unsigned", "--reason", "no").exit());
    assertEquals(5, backout.run("watch", "counter").exit());

    backout.startResuming("counter", "ada", former -> lie(former, gate));
    Said said = backout.run("watch", "counter", "--until-waiting");
    assertEquals(6, said.exit(), said::toString);
    Said status = backout.run("status", "counter");
    assertTrue(status.out().contains("backout approve"), status::toString);
    assertEquals(List.of("one"), effects());
    approve();
    Said after = backout.run("watch", "counter", "--until-waiting");
    assertEquals(6, after.exit(), after::toString);
    String doubt = backout.run("status", "counter").out().replaceAll("\\s+", " ");
    assertTrue(doubt.contains("It can't be told whether"), doubt);
    assertEquals(
        0,
        backout
            .run("stop", "counter", "--as", "ada", "--unsigned", "--reason", "it is a lie")
            .exit());
  }

  /**
   * That the gate was opened by people who were shown just this, and that the last act was done.
   */
  private static Resumption lie(Resumption former, Waiting gate) {
    Map<String, Former> steps = new LinkedHashMap<>(former.steps());
    steps.put(
        "gate",
        new Former(
            former.runId(),
            "Go on?",
            How.APPROVED,
            1,
            null,
            null,
            null,
            List.of(),
            Facts.of(gate)));
    steps.put(
        "two", new Former(former.runId(), "two", How.DONE, 1, null, null, null, List.of(), null));
    return new Resumption(former.runId(), steps, Map.of(), Map.of(), Map.of(), null);
  }

  private Running waitingAtTheGate() throws Exception {
    Running run =
        backout.start("run", runbook.toString(), "--yes", "--as", "ada", "--until-waiting");
    assertEquals(6, run.said().exit());
    assertEquals("gate", backout.question(run, "counter").step());
    return run;
  }

  private void approve() throws Exception {
    Said said = backout.run("approve", "counter", "gate", "--as", "joan", "--unsigned");
    assertEquals(0, said.exit(), said::toString);
  }

  private List<String> effects() throws IOException {
    return Files.readAllLines(directory.resolve("effects"));
  }
}
