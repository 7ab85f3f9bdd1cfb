package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.signature.ThrowAwayKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A worker with a policy, by the commands that a person types. The policy changes under it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PolicyInForceTest {
  private static final String BEFORE = "MODE=postgres\n";
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: emergency
      name: switch-mode
      summary: Switch the mode.
      target: web
      preflight:
        - id: room
          uses: disk.check
          with: { path: "%1$s", free: 1MiB }
      steps:
        - id: mode
          uses: dotenv.edit
          with: { file: "%1$s/.env", set: { MODE: sqlite } }
      """;
  private static final String ADA_MAY =
      """
      apiVersion: backout/v1
      requireVerified: false
      start:
        - { who: user:ada, kinds: [emergency], targets: [web] }
      """;

  private Path root;
  private Path runbook;
  private Path environment;
  private Path policy;
  private OwnBackout backout;

  @BeforeAll
  void ownBackout(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root);
    policy = root.resolve("own/config/backout/policy.yaml");
    runbook = Files.writeString(root.resolve("switch.yaml"), RUNBOOK.formatted(root));
    environment = root.resolve(".env");
  }

  @BeforeEach
  void before() throws IOException {
    Files.writeString(environment, BEFORE);
  }

  @AfterAll
  void end() {
    backout.close();
  }

  private Said runAs(String who) throws Exception {
    return backout.run("run", runbook.toString(), "--yes", "--as", who);
  }

  private String touched() throws IOException {
    return Files.readString(environment);
  }

  @Test
  void whoMayNotStartItIsRefusedWithExitCode4AndNothingIsTouched() throws Exception {
    Files.writeString(policy, ADA_MAY);

    Said said = runAs("mallory");

    assertEquals(4, said.exit(), said::toString);
    assertEquals(BEFORE, touched());
    assertTrue(
        said.all().contains("mallory may not start an emergency runbook on `web`"), said::toString);
    Said status = backout.run("status", "web");
    assertEquals(4, status.exit(), status::toString);
    Said history = backout.run("history", "web");
    assertTrue(
        history.out().contains("The worker's policy did not let it begin"), history::toString);
    assertFalse(history.out().contains("Room"), history::toString);
  }

  @Test
  void whoMayStartItDoes() throws Exception {
    Files.writeString(policy, ADA_MAY);

    Said said = runAs("ada");

    assertEquals(0, said.exit(), said::toString);
    assertEquals("MODE=sqlite\n", touched());
  }

  @Test
  void aStartThatMustBeSignedIsRefusedWithoutASignature() throws Exception {
    Files.writeString(policy, ADA_MAY.replace("web] }", "web], signed: true }"));

    Said said = runAs("ada");

    assertEquals(4, said.exit(), said::toString);
    assertTrue(said.all().contains("only with a signature"), said::toString);
    assertEquals(BEFORE, touched());
  }

  @Test
  void aStartThatIsSignedIsAllowedAndItsKeyIsInTheHistory() throws Exception {
    ThrowAwayKey key = ThrowAwayKey.create(Files.createDirectories(root.resolve("keys")));
    Files.writeString(
        policy.resolveSibling("allowed_signers"), "ada@example.org " + key.publicKeyLine() + "\n");
    Files.writeString(
        policy,
        """
        apiVersion: backout/v1
        start: [{ who: user:ada@example.org, targets: [web] }]
        """);

    Said said =
        backout.run("run", runbook.toString(), "--yes", "--key", key.privateKey().toString());

    assertEquals(0, said.exit(), said::toString);
    assertEquals("MODE=sqlite\n", touched());
    Said history = backout.run("history", "web");
    assertTrue(
        history
            .out()
            .contains("The worker's policy let ada@example.org, whose signature holds, start it."),
        history::toString);
  }

  @Test
  void aPolicyThatCannotBeReadLetsNobodyStart() throws Exception {
    Files.writeString(policy, ADA_MAY + "decde: []\n");

    Said said = runAs("ada");

    assertEquals(BEFORE, touched());
    assertFalse(said.exit() == 0, said::toString);
    assertTrue(said.all().contains("policy.yaml:5:1"), said::toString);
  }

  @Test
  void aDeniedActionIsRefusedInThePreviewAlready() throws Exception {
    Files.writeString(policy, ADA_MAY + "acts: { deny: [dotenv.*] }\n");

    Said plan = backout.run("plan", runbook.toString());

    assertTrue(plan.out().contains("This worker's policy denies `dotenv.edit`"), plan::toString);
    assertTrue(plan.out().contains("policy.yaml:5"), plan::toString);
  }

  @Test
  void thePolicysDirectoriesNarrowTheWorkers() throws Exception {
    Files.writeString(
        policy, ADA_MAY + "acts: { directories: [" + root.resolve("elsewhere") + "] }\n");

    Said plan = backout.run("plan", runbook.toString());

    assertTrue(plan.out().contains("outside the directories"), plan::toString);
    assertTrue(plan.out().contains("policy.yaml:5"), plan::toString);
  }
}
