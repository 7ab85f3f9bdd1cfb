package dev.backout.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.policy.PolicyFile;
import dev.backout.signature.Signing;
import dev.backout.signature.ThrowAwayKey;
import dev.backout.workflow.Admission;
import dev.backout.workflow.AdmissionRequest;
import dev.backout.workflow.StartSignature;
import dev.backout.workflow.StartStatement;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdmissionDeskTest {
  private static final Instant NOW = Instant.parse("2026-01-31T03:00:00Z");
  private static final String ADA = "ada@example.org";
  private static final String POLICY =
      """
      apiVersion: backout/v1
      groups: { oncall: [ada@example.org] }
      start:
        - { who: group:oncall, targets: [web] }
      """;

  @TempDir Path folder;
  private ThrowAwayKey key;
  private SqliteJournal journal;

  @BeforeEach
  void layOut() throws Exception {
    key = ThrowAwayKey.create(folder);
    journal = SqliteJournal.open(folder.resolve("journal.db"));
    Files.writeString(folder.resolve("allowed_signers"), ADA + " " + key.publicKeyLine() + "\n");
    policy(POLICY);
  }

  @AfterEach
  void close() throws Exception {
    journal.close();
  }

  private void policy(String text) throws IOException {
    Files.writeString(folder.resolve("policy.yaml"), text);
  }

  private Admission admit(AdmissionRequest request) {
    return new AdmissionDesk(
            new PolicyFile(folder.resolve("policy.yaml"), false),
            journal,
            Clock.fixed(NOW, ZoneOffset.UTC),
            List.of())
        .admit(request);
  }

  private String refusal(AdmissionRequest request) {
    ApplicationFailure failure = assertThrows(ApplicationFailure.class, () -> admit(request));
    assertEquals("NOT_ALLOWED", failure.getType());
    assertTrue(failure.isNonRetryable());
    return failure.getOriginalMessage();
  }

  private static AdmissionRequest request(
      String by, String runId, @Nullable StartSignature signature) {
    return new AdmissionRequest(
        "default", "backout/web", runId, "emergency", "web", "sha256:1", by, signature);
  }

  private StartSignature signature(Instant at, UnaryOperator<StartStatement> changed)
      throws Exception {
    AdmissionRequest wanted = request(ADA, "run-1", null);
    StartSignature unsigned = new StartSignature("id-1", at, "");
    StartStatement statement = changed.apply(StartStatement.of(wanted, unsigned));
    return new StartSignature("id-1", at, Signing.sign(statement.bytes(), key.privateKey()));
  }

  private StartSignature signature() throws Exception {
    return signature(NOW.minusSeconds(5), UnaryOperator.identity());
  }

  @Test
  void aStartThatIsSignedByWhoMayIsAdmittedWithTheKeyThatProvesIt() throws Exception {
    Admission admission = admit(request(ADA, "run-1", signature()));

    assertTrue(admission.verified());
    assertEquals(ADA, admission.principal());
    assertNotNull(admission.key());
    assertTrue(admission.key().startsWith("SHA256:"), admission.key());
    assertTrue(admission.policyHash().startsWith("sha256:"), admission.policyHash());
  }

  @Test
  void aBareNameIsRefused() {
    assertTrue(refusal(request(ADA, "run-1", null)).contains("only with a signature"));
  }

  @Test
  void aSignatureStartsOneRunAndAskingAgainAboutThatOneChangesNothing() throws Exception {
    StartSignature signature = signature();
    assertTrue(admit(request(ADA, "run-1", signature)).verified());
    assertTrue(admit(request(ADA, "run-1", signature)).verified());

    String why = refusal(request(ADA, "run-2", signature));

    assertTrue(why.contains("has started run run-1 already"), why);
  }

  @Test
  void aSignatureForAnotherPlanOrTargetProvesNothing() throws Exception {
    StartSignature otherPlan =
        signature(
            NOW,
            it ->
                new StartStatement(
                    it.type(),
                    it.namespace(),
                    it.workflowId(),
                    "sha256:2",
                    it.kind(),
                    it.target(),
                    it.id(),
                    it.by(),
                    it.at()));
    StartSignature decision =
        signature(
            NOW,
            it ->
                new StartStatement(
                    "backout/decision/v1",
                    it.namespace(),
                    it.workflowId(),
                    it.planDigest(),
                    it.kind(),
                    it.target(),
                    it.id(),
                    it.by(),
                    it.at()));

    assertTrue(refusal(request(ADA, "run-1", otherPlan)).contains("signature"));
    assertTrue(refusal(request(ADA, "run-1", decision)).contains("signature"));
  }

  @Test
  void anOldSignatureIsRefusedSoThatNobodyKeepsOneForLater() throws Exception {
    StartSignature old = signature(NOW.minus(Duration.ofMinutes(11)), UnaryOperator.identity());

    String why = refusal(request(ADA, "run-1", old));

    assertTrue(why.contains("within 10 minutes"), why);
    assertTrue(why.contains("by this worker's clock it is 20"), why);
  }

  @Test
  void aKeyThatIsRevokedProvesNothing() throws Exception {
    Files.writeString(folder.resolve("revoked_keys"), key.publicKeyLine() + "\n");

    String why = refusal(request(ADA, "run-1", signature()));

    assertTrue(why.contains("revoked"), why);
  }

  @Test
  void whoseKeyItIsCountsAndNotTheNameThatIsGiven() throws Exception {
    AdmissionRequest byLogin = request("ada", "run-1", null);
    StartSignature unsigned = new StartSignature("id-1", NOW, "");
    StartSignature signature =
        new StartSignature(
            "id-1",
            NOW,
            Signing.sign(StartStatement.of(byLogin, unsigned).bytes(), key.privateKey()));

    assertEquals(ADA, admit(request("ada", "run-1", signature)).principal());
  }

  @Test
  void aSignatureThatProvesNothingDoesNoHarmWhereABareNameIsEnough() throws Exception {
    policy("apiVersion: backout/v1\nrequireVerified: false\nstart: [{ who: \"*\" }]\n");
    Files.writeString(folder.resolve("revoked_keys"), key.publicKeyLine() + "\n");

    assertFalse(admit(request(ADA, "run-1", signature())).verified());
  }

  @Test
  void withoutAPolicyEverybodyIsAdmittedUnverified() throws Exception {
    Files.delete(folder.resolve("policy.yaml"));

    Admission admission = admit(request("eve", "run-1", null));

    assertEquals(Admission.NO_POLICY, admission.policyHash());
    assertFalse(admission.verified());
  }

  @Test
  void aPolicyThatCannotBeReadAdmitsNobody() throws Exception {
    policy(POLICY + "oops: 1\n");

    assertTrue(refusal(request(ADA, "run-1", signature())).contains("policy.yaml:5:1"));
  }
}
