package dev.backout.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.endtoend.OwnBackout.Running;
import dev.backout.endtoend.OwnBackout.Said;
import dev.backout.signature.ThrowAwayKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A signed run, checked again from its exported histories, as they were and altered. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VerifyTest {
  private static final String CHILD =
      """
      apiVersion: backout/v1
      kind: validation
      name: look
      summary: Look whether it is well.
      target: web-look
      steps:
        - id: well
          checkpoint: { question: Is it well?, approvers: [group:oncall] }
      """;

  private static final String RUNBOOK =
      """
      apiVersion: backout/v1
      kind: emergency
      name: switch-mode
      summary: Switch the mode.
      target: web
      steps:
        - id: mode
          uses: dotenv.edit
          with: { file: "%1$s/.env", set: { MODE: sqlite } }
        - id: authorize
          checkpoint:
            question: "The new file has ${{ steps.mode.outputs.sha256 }}. Keep it?"
            approvers: [{ group: oncall, quorum: 1 }, { group: dba, quorum: 1 }]
        - id: level
          uses: dotenv.edit
          with: { file: "%1$s/.env", set: { LEVEL: info } }
        - id: look
          runbook: look.yaml
      """;

  private static final String POLICY =
      """
      apiVersion: backout/v1
      groups:
        oncall: [ada, joan]
        dba: [grace]
      start:
        - { who: group:oncall }
      decide:
        - { who: [group:oncall, group:dba], choices: "*" }
      """;

  private static final String UPDATE = "EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED";
  private static final String ASKED = "EVENT_TYPE_ACTIVITY_TASK_SCHEDULED";
  private static final String DONE = "EVENT_TYPE_ACTIVITY_TASK_COMPLETED";
  private static final String MARKER = "EVENT_TYPE_MARKER_RECORDED";
  private static final String STARTED = "EVENT_TYPE_WORKFLOW_EXECUTION_STARTED";

  private Path root;
  private Path export;
  private Path child;
  private OwnBackout backout;

  @BeforeAll
  void aSignedRun(@TempDir Path directory) throws Exception {
    root = directory.toRealPath();
    backout = OwnBackout.in(Files.createDirectories(root.resolve("own")), root);
    StringBuilder signers = new StringBuilder();
    for (String name : List.of("ada", "grace", "joan", "mallory")) {
      Path home = Files.createDirectories(root.resolve("keys").resolve(name));
      signers.append(name).append(' ').append(ThrowAwayKey.create(home).publicKeyLine());
      signers.append('\n');
    }
    Files.writeString(config("allowed_signers"), signers);
    Files.writeString(config("policy.yaml"), POLICY);
    Files.writeString(root.resolve(".env"), "MODE=postgres\n");
    Files.writeString(root.resolve("look.yaml"), CHILD);
    Path runbook = Files.writeString(root.resolve("switch.yaml"), RUNBOOK.formatted(root));
    Running run =
        backout.start("run", runbook.toString(), "--yes", "--as", "joan", "--key", key("joan"));
    if (backout.awaitQuestion(run, "web").isEmpty()) {
      throw new AssertionError(run.said().toString());
    }
    refusedFirst();
    approve("authorize", "ada", "seen by ada");
    approve("authorize", "grace", "seen by grace");
    assertTrue(backout.awaitQuestion(run, "web").isPresent(), () -> backout.screen());
    approve("look/well", "ada", "it is well");
    assertEquals(0, run.said().exit(), () -> backout.screen());
    export = export("web", "web.json");
    Said json = backout.run("status", "web", "-o", "json");
    String childRun = json.out().replaceFirst("(?s).*\"childRunId\" ?: ?\"([^\"]*)\".*", "$1");
    child = export(childRun, "look.json");
  }

  @AfterAll
  void end() {
    backout.close();
  }

  private Path config(String name) {
    return root.resolve("own/config/backout").resolve(name);
  }

  private String key(String name) {
    return root.resolve("keys").resolve(name).resolve("id_ed25519").toString();
  }

  /** A refused decision stands in the history too, and is nothing that needs a proof. */
  private void refusedFirst() throws Exception {
    Said refused = backout.run("approve", "web", "authorize", "--as", "joan", "--key", key("joan"));
    assertEquals(1, refused.exit(), refused::toString);
  }

  private void approve(String step, String who, String comment) throws Exception {
    Said said =
        backout.run("approve", "web", step, "--as", who, "--key", key(who), "--comment", comment);
    assertEquals(0, said.exit(), said::toString);
  }

  private Path export(String run, String name) throws Exception {
    Path file = root.resolve(name);
    Said said = backout.run("history", run, "--export", file.toString());
    assertEquals(0, said.exit(), said::toString);
    return file;
  }

  private Said verify(Path... files) throws Exception {
    List<String> words =
        Stream.concat(Stream.of("verify"), Stream.of(files).map(Path::toString)).toList();
    return backout.run(words);
  }

  private static String flowing(Said said) {
    return said.out().replaceAll("\\s+", " ");
  }

  @Test
  void whatNobodyHasTouchedIsProvenFromFilesAndFromTheServer() throws Exception {
    for (Said said : List.of(verify(child, export), backout.run("verify", "web"))) {
      assertEquals(0, said.exit(), said::toString);
      assertTrue(
          flowing(said).contains("all is proven: the plan, the start and 3 decisions"),
          said::toString);
    }
  }

  @Test
  void aChildsHistoryThatIsMissingIsSaid() throws Exception {
    Said said = verify(export);
    assertEquals(3, said.exit(), said::toString);
    assertTrue(flowing(said).contains("give its export too"), said::toString);
    Said alone = verify(child);
    assertEquals(3, alone.exit(), alone::toString);
    assertTrue(flowing(alone).contains("who started it stands there"), alone::toString);
  }

  static Stream<Arguments> alterations() {
    return Stream.of(
        altered(
            "the reason, where it counted",
            "`reason` was altered: signed was \"seen by ada\", and event",
            history -> history.rewrite(MARKER, "\"decided\"", replace("seen by ada", "no"))),
        altered(
            "the reason, as it was sent",
            "`reason` was altered: signed was \"seen by ada\", and the history",
            history -> history.rewrite(UPDATE, "seen by ada", replace("seen by ada", "no"))),
        altered(
            "the reason, everywhere",
            "The signature does not fit what the history says was signed",
            history -> history.everywhere("seen by ada", "not seen")),
        altered(
            "the name, where it counted",
            "The name was altered",
            history -> history.rewrite(MARKER, "seen by grace", replace("grace\"", "mallory\""))),
        altered(
            "the name, where it was judged and counted",
            "the key is grace's",
            history ->
                history
                    .rewrite(DONE, "\"grace\"", replace("\"grace\"", "\"mallory\""))
                    .rewrite(MARKER, "seen by grace", replace("\"grace\"", "\"mallory\""))),
        altered(
            "a byte of the signature",
            "The signature",
            history -> history.rewrite(ASKED, "seen by ada", VerifyTest::flippedByte)),
        altered(
            "a byte of the signature, in both places",
            "The signature",
            history ->
                history
                    .rewrite(ASKED, "seen by ada", VerifyTest::flippedByte)
                    .rewrite(UPDATE, "seen by ada", VerifyTest::flippedByte)),
        altered(
            "what was shown",
            "`facts` was altered",
            history -> history.rewrite(MARKER, "\"asked\"", replace("Keep it?", "Drop it?"))),
        altered(
            "the outputs that were quoted",
            "What was asked in event",
            history -> history.rewrite(DONE, "\"sha256\"", replace("sha256\":\"", "sha256\":\"f"))),
        altered(
            "the plan",
            "The plan was altered",
            history -> history.rewrite(STARTED, "\"plan\"", replace("\"info\"", "\"debug\""))),
        altered(
            "the plan with its digest",
            "`planDigest` was altered",
            history -> history.rewrite(STARTED, "\"plan\"", VerifyTest::anotherPlan)),
        altered(
            "who started it",
            "`by` was altered: signed was \"joan\"",
            history ->
                history.rewrite(
                    STARTED, "\"plan\"", replace("startedBy\":\"joan", "startedBy\":\"ada"))),
        altered(
            "the time",
            "`at` was altered",
            history ->
                history.rewrite(
                    UPDATE,
                    "seen by ada",
                    content -> content.replaceFirst("\"at\":\"20..", "\"at\":\"1999"))),
        altered(
            "a removed approval",
            "are missing",
            history -> history.remove(said -> isOf(said, "seen by ada"))),
        altered(
            "a removed approval, numbered anew",
            "and needs more: an approval was removed",
            history -> history.remove(said -> isOf(said, "seen by ada")).renumbered()),
        altered(
            "an approval that counted, removed",
            "nothing says that it did: its record was removed",
            history ->
                history
                    .remove(said -> said.contains("\"decided\"") && said.contains("seen by ada"))
                    .renumbered()),
        altered(
            "both approvals removed",
            "although nothing had opened the gate before it",
            history -> history.remove(said -> isOf(said, "seen by ")).renumbered()),
        altered(
            "a policy's judgement",
            "The policy of then, asked again, says otherwise",
            history -> history.everywhere("\"groups\":[\"dba\"]", "\"groups\":[\"oncall\"]")));
  }

  private static boolean isOf(String said, String reason) {
    return said.contains(reason)
        && (said.startsWith(MARKER) || said.startsWith(UPDATE) || said.startsWith(ASKED));
  }

  private interface Alteration {
    AlteredHistory of(AlteredHistory history);
  }

  private static Arguments altered(String what, String said, Alteration how) {
    return Arguments.of(what, said, how);
  }

  private static UnaryOperator<String> replace(String text, String other) {
    return content -> content.replace(text, other);
  }

  /** Somewhere in the last third, where neither the key nor the armour is. */
  private static String flippedByte(String content) {
    int at = content.indexOf("-----END SSH SIGNATURE-----") - 30;
    char other = content.charAt(at) == 'A' ? 'B' : 'A';
    return content.substring(0, at) + other + content.substring(at + 1);
  }

  private static String anotherPlan(String content) {
    try {
      var tree = dev.backout.plan.Json.MAPPER.readTree(content.replace("\"info\"", "\"debug\""));
      var plan =
          dev.backout.plan.Json.MAPPER.treeToValue(
              tree.get("plan"), dev.backout.plan.ExecutionPlan.class);
      ((com.fasterxml.jackson.databind.node.ObjectNode) tree.get("plan"))
          .put("digest", dev.backout.plan.Digest.of(plan));
      return tree.toString();
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("alterations")
  void whatWasAlteredIsSaid(String what, String expected, Alteration how) throws Exception {
    Path file = root.resolve("altered.json");
    how.of(AlteredHistory.of(export)).write(file);

    Said said = verify(file, child);

    assertEquals(1, said.exit(), said::toString);
    assertTrue(flowing(said).contains(expected), () -> "expected: " + expected + "\n" + said);
  }

  @Test
  void aKeyThatIsKnownNoMoreProvesNothingAndAnotherPolicyIsSaid() throws Exception {
    String all = Files.readString(config("allowed_signers"));
    Path fewer = root.resolve("fewer");
    Files.writeString(fewer, all.replaceFirst("(?m)^ada .*\\n", ""));
    Said unknown =
        backout.run(
            "verify", export.toString(), child.toString(), "--allowed-signers", fewer.toString());
    assertEquals(1, unknown.exit(), unknown::toString);
    assertTrue(unknown.out().contains("unproven"), unknown::toString);
    Files.writeString(fewer, all.replaceFirst("(?m)^ada ", "ada valid-before=\"20200101Z\" "));
    Said expired =
        backout.run(
            "verify", export.toString(), child.toString(), "--allowed-signers", fewer.toString());
    assertEquals(1, expired.exit(), expired::toString);
    Said keysAlone =
        backout.run(
            "verify",
            export.toString(),
            child.toString(),
            "--allowed-signers",
            config("allowed_signers").toString());
    assertEquals(0, keysAlone.exit(), keysAlone::toString);
    assertTrue(flowing(keysAlone).contains("is not judged again"), keysAlone::toString);
  }
}
