package dev.backout.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyTest {
  private static final String ADA = "ada@example.org";
  private static final String EDGAR = "edgar@example.org";
  private static final String MALLORY = "mallory@example.org";

  private static final String POLICY =
      """
      apiVersion: backout/v1
      groups:
        oncall: [ada@example.org, grace@example.org]
        dba: [edgar@example.org, ada@example.org]
      start:
        - { who: [group:oncall], kinds: [emergency, kill-switch], targets: ["*"] }
        - { who: group:dba, targets: [billing-*, ledger] }
        - { who: "*", kinds: validation, signed: false }
      decide:
        - { who: group:oncall, choices: [retry, stop] }
        - { who: user:edgar@example.org, choices: "*", kinds: [planned], targets: [billing-*] }
      checkpoints:
        minimumQuorum: { planned: 2 }
        selfApproval: when-the-runbook-says
      acts:
        allow: ["*"]
        deny: [command.run, process.*]
        directories: [/srv, /var/lib/app]
      """;

  @TempDir Path folder;

  private Policy policy(String text) throws IOException, PolicyException {
    Files.writeString(
        folder.resolve("allowed_signers"),
        "ada@example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB/u06rcJdl43OH2Si7HyMX+QY3aRLlW51lxsg1CMH3h\n");
    return Policy.read(Files.writeString(folder.resolve("policy.yaml"), text));
  }

  @Test
  void whoIsInTheGroupMayStartWhatTheRuleNames() throws Exception {
    Policy policy = policy(POLICY);

    assertEquals(Optional.empty(), policy.refusesStart(ADA, true, "emergency", "anything"));
    assertEquals(Optional.empty(), policy.refusesStart(EDGAR, true, "planned", "billing-eu"));
    assertEquals(Optional.empty(), policy.refusesStart(EDGAR, true, "planned", "ledger"));
  }

  @Test
  void whereNoRuleFitsTheStartIsRefusedAndWhoMayIsNamed() throws Exception {
    Policy policy = policy(POLICY);

    assertEquals(
        "edgar@example.org may not start an emergency runbook on `web`: only `group:oncall` may,"
            + " and they are in `dba` ("
            + folder.resolve("policy.yaml")
            + ").",
        policy.refusesStart(EDGAR, true, "emergency", "web").orElseThrow());
    assertTrue(
        policy.refusesStart(MALLORY, true, "planned", "web").orElseThrow().contains("nobody may"));
    assertTrue(policy.refusesStart(null, false, "emergency", "web").isPresent());
  }

  @Test
  void aStartWithoutASignatureThatHoldsIsRefusedNamingTheRule() throws Exception {
    Policy policy = policy(POLICY);

    String refusal = policy.refusesStart(ADA, false, "emergency", "web").orElseThrow();

    assertTrue(refusal.contains("only with a signature"), refusal);
    assertTrue(refusal.contains("policy.yaml:6"), refusal);
  }

  @Test
  void aRuleCanBelieveABareName() throws Exception {
    Policy policy = policy(POLICY);

    assertEquals(Optional.empty(), policy.refusesStart(MALLORY, false, "validation", "web"));
    assertEquals(Optional.empty(), policy.refusesStart(null, false, "validation", "web"));
  }

  @Test
  void theFirstRuleThatFitsCounts() throws Exception {
    Policy policy =
        policy(
            """
            apiVersion: backout/v1
            requireVerified: false
            start:
              - { who: user:ada@example.org, signed: true }
              - { who: "*" }
            """);

    assertTrue(policy.refusesStart(ADA, false, "planned", "web").isPresent());
    assertEquals(Optional.empty(), policy.refusesStart(EDGAR, false, "planned", "web"));
  }

  @Test
  void aDecisionNeedsARuleForItsChoiceKindAndTarget() throws Exception {
    Policy policy = policy(POLICY);

    assertEquals(Optional.empty(), policy.refusesChoice(ADA, true, "retry", "emergency", "web"));
    assertTrue(policy.refusesChoice(ADA, true, "approve", "emergency", "web").isPresent());
    assertEquals(
        Optional.empty(), policy.refusesChoice(EDGAR, true, "approve", "planned", "billing-eu"));
    assertTrue(policy.refusesChoice(EDGAR, true, "approve", "planned", "web").isPresent());
    assertTrue(policy.refusesChoice(EDGAR, true, "approve", "emergency", "billing-eu").isPresent());
  }

  @Test
  void nothingUnverifiedCountsUnlessThePolicySaysSo() throws Exception {
    assertTrue(policy(POLICY).refusesChoice(ADA, false, "retry", "emergency", "web").isPresent());
    assertEquals(
        Optional.empty(),
        policy(POLICY.replace("groups:", "requireVerified: false\ngroups:"))
            .refusesChoice(ADA, false, "retry", "emergency", "web"));
  }

  @Test
  void aPersonMayBeInSeveralGroups() throws Exception {
    Policy policy = policy(POLICY);

    assertEquals(Set.of("oncall", "dba"), policy.groupsOf(ADA));
    assertEquals(Set.of(), policy.groupsOf(MALLORY));
    assertEquals(Set.of(), policy.groupsOf("ADA@EXAMPLE.ORG"));
  }

  @Test
  void theFloorsOfCheckpointsAreThePolicys() throws Exception {
    Policy policy = policy(POLICY);

    assertEquals(2, policy.minimumQuorum("planned"));
    assertEquals(1, policy.minimumQuorum("emergency"));
    assertTrue(policy.selfApproval(true));
    assertFalse(policy.selfApproval(false));
    assertFalse(policy("apiVersion: backout/v1\n").selfApproval(true));
  }

  @Test
  void whatIsDeniedIsDeniedThoughItIsAllowedToo() throws Exception {
    Policy policy = policy(POLICY);

    assertEquals(Optional.empty(), policy.refusesAct("sqlite.restore"));
    assertTrue(policy.refusesAct("process.stop").orElseThrow().contains("policy.yaml:17"));
    assertEquals(
        "This worker's policy denies `command.run` ("
            + folder.resolve("policy.yaml")
            + ":17: `command.run`). Its operator decides that.",
        policy.refusesAct("command.run").orElseThrow());
    assertEquals(List.of(Path.of("/srv"), Path.of("/var/lib/app")), policy.directories().get());
  }

  @Test
  void whatIsNotAllowedIsRefused() throws Exception {
    Policy policy = policy("apiVersion: backout/v1\nacts: { allow: [sqlite.*, http.check] }\n");

    assertEquals(Optional.empty(), policy.refusesAct("sqlite.restore"));
    assertTrue(policy.refusesAct("dotenv.edit").isPresent());
  }

  @Test
  void aPolicyThatSaysNothingLetsNobodyStartOrDecide() throws Exception {
    Policy policy = policy("apiVersion: backout/v1\n");

    assertTrue(policy.refusesStart(ADA, true, "emergency", "web").isPresent());
    assertTrue(policy.refusesChoice(ADA, true, "stop", "emergency", "web").isPresent());
    assertEquals(Optional.empty(), policy.refusesAct("command.run"));
  }

  @Test
  void withoutAPolicyEverythingIsAllowed() {
    Policy policy = Policy.none();

    assertEquals(Optional.empty(), policy.refusesStart(null, false, "emergency", "web"));
    assertEquals(Optional.empty(), policy.refusesChoice(ADA, false, "undo", "planned", "web"));
    assertEquals(Optional.empty(), policy.refusesAct("command.run"));
    assertEquals("none", policy.hash());
    assertTrue(policy.selfApproval(true));
  }

  @Test
  void theHashChangesWithEachOfTheThreeFiles() throws Exception {
    String before = policy(POLICY).hash();
    assertEquals(before, policy(POLICY).hash());
    assertTrue(before.matches("sha256:[0-9a-f]{64}"), before);

    String commented = policy(POLICY + "# more\n").hash();
    Files.writeString(
        folder.resolve("allowed_signers"),
        "edgar@example.org ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB/u06rcJdl43OH2Si7HyMX+QY3aRLlW51lxsg1CMH3h other\n");
    String otherKeys = Policy.read(folder.resolve("policy.yaml")).hash();
    Files.writeString(folder.resolve("revoked_keys"), "");
    String revoked = Policy.read(folder.resolve("policy.yaml")).hash();

    assertNotEquals(before, commented);
    assertNotEquals(commented, otherKeys);
    assertNotEquals(otherKeys, revoked);
  }
}
