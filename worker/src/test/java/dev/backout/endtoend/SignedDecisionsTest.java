package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.plan.Json;
import dev.backout.signature.ThrowAwayKey;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A gate for two people of two groups, who sign with their own keys; by the commands they type. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignedDecisionsTest {
  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: emergency
      name: switch-mode
      summary: Switch the mode.
      target: "${{ inputs.service }}"
      inputs:
        service: { type: string }
      steps:
        - id: authorize
          checkpoint:
            question: Switch ${{ inputs.service }}?
            approvers: [{ group: oncall, quorum: 1 }, { group: dba, quorum: 1 }]
        - id: mode
          uses: dotenv.edit
          with: { file: "%1$s/.env", set: { MODE: sqlite } }
      """;

  private static final String POLICY =
      """
      apiVersion: backout/v1
      allowedSigners: allowed_signers
      requireVerified: true
      groups:
        oncall: [ada, joan]
        dba: [grace, ada]
      start:
        - { who: group:oncall, kinds: [emergency], targets: ["*"] }
      decide:
        - { who: [group:oncall, group:dba], choices: ["*"] }
      """;

  private Path root;
  private Path runbook;
  private OwnBackout backout;

  @BeforeAll
  void ownBackout(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root);
    Path config = root.resolve("own/config/backout");
    StringBuilder signers = new StringBuilder();
    for (String name : new String[] {"ada", "grace", "joan"}) {
      Path home = Files.createDirectories(root.resolve("keys").resolve(name));
      signers
          .append(name)
          .append(' ')
          .append(ThrowAwayKey.create(home).publicKeyLine())
          .append('\n');
    }
    ThrowAwayKey.create(Files.createDirectories(root.resolve("keys/mallory")));
    Files.writeString(config.resolve("allowed_signers"), signers);
    Files.writeString(config.resolve("policy.yaml"), POLICY);
    runbook = Files.writeString(root.resolve("switch.yaml"), RUNBOOK.formatted(root));
    Files.writeString(root.resolve(".env"), "MODE=postgres\n");
  }

  @AfterAll
  void end() {
    backout.close();
  }

  private String key(String name) {
    return root.resolve("keys").resolve(name).resolve("id_ed25519").toString();
  }

  private Running waitingAtItsGate(String service) throws Exception {
    Running run =
        backout.start(
            "run",
            runbook.toString(),
            "--input",
            "service=" + service,
            "--yes",
            "--as",
            "joan",
            "--key",
            key("joan"));
    assertTrue(backout.awaitQuestion(run, service).isPresent(), () -> backout.screen());
    return run;
  }

  private Said approve(String service, String who) throws Exception {
    return backout.run(
        "approve", service, "authorize", "--as", who, "--key", key(who), "--comment", "seen");
  }

  private static void refused(Said said, String why) {
    assertEquals(1, said.exit(), said::toString);
    assertTrue(said.err().contains(why), said::toString);
  }

  @Test
  void aGateForTwoGroupsOpensByTwoSignaturesOneOfThemCarriedBySomebodyElse() throws Exception {
    Running run = waitingAtItsGate("web");

    refused(backout.run("approve", "web", "authorize", "--as", "ada", "--unsigned"), "a bare name");
    refused(
        backout.run("approve", "web", "authorize", "--as", "ada", "--key", key("mallory")),
        "allowed_signers");
    refused(approve("web", "joan"), "nobody approves their own");
    assertEquals(0, approve("web", "ada").exit());
    refused(approve("web", "ada"), "has already approved");

    Said signed =
        backout.run(
            "approve", "web", "authorize", "--as", "grace", "--key", key("grace"), "--sign-only");
    assertEquals(0, signed.exit(), signed::toString);
    Path altered = root.resolve("altered.json");
    Files.writeString(altered, signed.out().replace("\"approve\"", "\"reject\""));
    refused(backout.run("submit", altered.toString()), "Not taken");
    Path approval = Files.writeString(root.resolve("approval.json"), signed.out());
    Said submitted = backout.run("submit", approval.toString());
    assertEquals(0, submitted.exit(), submitted::toString);

    assertEquals(0, run.said().exit());
    assertEquals("MODE=sqlite\n", Files.readString(root.resolve(".env")));
    Said history = backout.run("history", "web");
    assertTrue(history.out().contains("grace decided `approve`"), history::toString);
    assertTrue(!history.out().contains("grace (unverified)"), history::toString);
    Said json = backout.run("status", "web", "-o", "json");
    assertTrue(json.out().contains("SHA256:"), json::toString);
  }

  @Test
  void whoIsInTwoGroupsStandsForOneOfThemAndCanTakeItBack() throws Exception {
    Running run = waitingAtItsGate("api");

    assertEquals(0, approve("api", "ada").exit());
    Said waiting = backout.run("approvals", "api");
    assertEquals(6, waiting.exit(), waiting::toString);
    assertTrue(waiting.out().contains("Switch api?"), waiting::toString);
    assertTrue(waiting.out().contains("What comes next, as things are now"), waiting::toString);
    assertTrue(waiting.out().contains(root + "/.env"), waiting::toString);
    Said back = backout.run("withdraw", "api", "authorize", "--as", "ada", "--key", key("ada"));
    assertEquals(0, back.exit(), back::toString);
    assertEquals(0, approve("api", "grace").exit());
    assertEquals(6, backout.run("status", "api").exit());
    assertEquals(0, approve("api", "ada").exit());

    assertEquals(0, run.said().exit());
  }

  @Test
  void aSignalHasTheSameEffectAndProofAndSaysWhomTheServerTookForItsSender() throws Exception {
    Running run = waitingAtItsGate("bus");
    Said signed =
        backout.run(
            "approve", "bus", "authorize", "--as", "ada", "--key", key("ada"), "--sign-only");
    JsonNode decision = Json.MAPPER.readTree(signed.out()).get("decision");
    ObjectNode altered = decision.deepCopy();
    altered.put("reason", "I have not said this");
    backout.signal("backout/bus", "decision", altered);
    backout.signal("backout/bus", "decision", decision);
    assertEquals(0, approve("bus", "grace").exit());
    assertEquals(0, run.said().exit());

    Said history = backout.run("history", "bus");
    assertTrue(
        flowing(history).contains("ada sent `approve`, which changed nothing: The signature"),
        history::toString);
    assertTrue(flowing(history).contains("ada decided `approve`"), history::toString);
    Path export = root.resolve("bus.json");
    assertEquals(0, backout.run("history", "bus", "--export", export.toString()).exit());
    AlteredHistory.of(export)
        .stamped("EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED", "jwt", "chat-bridge")
        .write(export);
    for (String command : new String[] {"history", "verify"}) {
      Said said = backout.run(command, export.toString());
      assertEquals(0, said.exit(), said::toString);
      assertTrue(flowing(said).contains("as the server says, by jwt:chat-bridge"), said::toString);
    }
  }

  private static String flowing(Said said) {
    return said.out().replaceAll("\\s+", " ");
  }

  @Test
  void aSignatureForOneRunIsWorthNothingForAnother() throws Exception {
    Running run = waitingAtItsGate("one");
    Said signed =
        backout.run(
            "approve", "one", "authorize", "--as", "ada", "--key", key("ada"), "--sign-only");
    String first = runId(signed);
    Running other = waitingAtItsGate("two");
    String second =
        runId(
            backout.run(
                "approve", "two", "authorize", "--as", "ada", "--key", key("ada"), "--sign-only"));

    Path moved = root.resolve("moved.json");
    Files.writeString(
        moved, signed.out().replace("backout/one", "backout/two").replace(first, second));
    refused(backout.run("submit", moved.toString()), "Not taken");

    for (String service : new String[] {"one", "two"}) {
      Said stopped =
          backout.run("stop", service, "--reason", "enough", "--as", "ada", "--key", key("ada"));
      assertEquals(0, stopped.exit(), stopped::toString);
    }
    assertEquals(5, run.said().exit());
    assertEquals(5, other.said().exit());
  }

  private static String runId(Said signed) {
    return signed.out().replaceFirst("(?s).*\"runId\":\"([^\"]*)\".*", "$1");
  }
}
