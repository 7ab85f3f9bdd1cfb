package dev.backout.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.plan.Json;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
  @TempDir Path home;

  static Stream<String> commands() {
    return CommandReference.all()
        .map(CommandLine::getCommandSpec)
        .map(spec -> spec.qualifiedName());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasAPageWithItsPurposeAnExampleAndItsExitCodes(String command) {
    String[] words = (command.replaceFirst("^backout ?", "") + " --help").strip().split(" ");

    Said said = Said.by(home, words);

    assertEquals(0, said.exit(), said.err());
    assertTrue(said.out().contains("Examples:"), said.out());
    assertTrue(said.out().contains("Exit codes:"), said.out());
    assertTrue(said.out().lines().allMatch(line -> line.length() <= 110), said.out());
  }

  @Test
  void aCommandIsReadWithoutTheOthersAndOneThatIsUnknownWithAllOfThem() {
    assertEquals(List.of(LintCommand.class), Commands.needed("lint", "runbook.yaml"));
    assertEquals(Commands.ALL, Commands.needed("lnit", "runbook.yaml"));
    assertEquals(Commands.ALL, Commands.needed("help", "lint"));
    assertEquals(Commands.ALL, Commands.needed());
  }

  @Test
  void aWordThatIsNoCommandIsAnsweredWithTheNearestOne() {
    Said said = Said.by(home, "stauts");

    assertEquals(2, said.exit());
    assertTrue(said.err().contains("status"), said.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"reject", "retry", "skip", "stop"})
  void whoOverridesMustSayWhy(String command) {
    Said said = Said.by(home, command, "@latest", "restore");

    assertEquals(2, said.exit());
    assertTrue(said.err().contains("--reason"), said.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "watch", "history"})
  void withoutAnyRunTheAnswerSaysHowToStartOne(String command) {
    Said said = Said.by(home, command);

    assertEquals(1, said.exit());
    assertTrue(said.err().contains("backout run FILE"), said.err());
    assertEquals("", said.out());
  }

  @Test
  void anUnknownRunIsNamed() {
    Said said = Said.by(home, "status", "nowhere");

    assertEquals(1, said.exit());
    assertTrue(said.err().contains("\"nowhere\""), said.err());
  }

  @Test
  void aServerThatIsNotThereIsSaidSoWithinTwoSeconds() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }

    Said said =
        assertTimeout(
            Duration.ofSeconds(2), () -> Said.by(home, "runs", "--address", "127.0.0.1:" + port));

    assertEquals(1, said.exit());
    assertTrue(said.err().contains("127.0.0.1:" + port), said.err());
    assertFalse(said.err().contains("\tat "), said.err());
  }

  @Test
  void aStackTraceIsShownOnlyOnDemand() throws IOException {
    Said said = Said.by(home, "runs", "--address", "127.0.0.1:1", "--debug");

    assertTrue(said.err().contains("\tat "), said.err());
  }

  @Test
  void aStateDirectoryThatCannotBeWrittenIsNamed() throws IOException {
    Path file = Files.createFile(home.resolve("in-the-way"));

    Said said = Said.by(home, Map.of("XDG_STATE_HOME", file.toString()), "server", "start");

    assertEquals(1, said.exit());
    assertTrue(said.err().contains(file + "/backout"), said.err());
    assertTrue(said.err().contains("XDG_STATE_HOME"), said.err());
  }

  @Test
  void theDoctorSaysWhatIsBrokenAndWhereSettingsComeFrom() throws IOException {
    Path file = Files.createFile(home.resolve("in-the-way"));

    Said said =
        Said.by(
            home,
            Map.of("XDG_STATE_HOME", file.toString(), "BACKOUT_TASK_QUEUE", "db-hosts"),
            "doctor");

    assertEquals(1, said.exit());
    assertTrue(said.out().contains("✗ State directory"), said.out());
    assertTrue(said.out().contains("db-hosts (BACKOUT_TASK_QUEUE)"), said.out());
  }

  @Test
  void theDoctorAsksProgramsWhetherTheyAnswer() throws IOException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    // Its Compose is there, and its engine isn't.
    program(bin.resolve("docker"), "[ \"$1\" = compose ] && echo 2.40.3");
    program(bin.resolve("pg_dump"), "echo 'pg_dump (PostgreSQL) 15.18'");

    Said said =
        Said.by(home, Map.of("PATH", bin.toString(), "KUBECONFIG", home + "/none"), "doctor");

    String out = said.out().replaceAll("\\s+", " ");
    assertTrue(out.contains("docker: " + bin + "/docker has no engine that answers"), out);
    assertTrue(out.contains("✓ pg_dump: " + bin + "/pg_dump, pg_dump (PostgreSQL) 15.18"), out);
    assertTrue(out.contains("helm: not on the PATH"), out);
    assertTrue(out.contains("kubeconfig: " + home + "/none isn't there"), out);
  }

  private static void program(Path file, String script) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void lintPointsAtTheProblem() throws IOException {
    Path runbook = Files.writeString(home.resolve("rb.yaml"), "apiVersion: backout/v1\nkindd: x\n");

    Said said = Said.by(home, "lint", runbook.toString());

    assertEquals(3, said.exit());
    assertTrue(said.out().contains("rb.yaml:2:1: error"), said.out());
    assertTrue(said.out().contains("^"), said.out());
    assertFalse(said.out().contains("\u001b"), said.out());
  }

  @Test
  void lintGivesTheSameAsData() throws IOException {
    Path runbook = Files.writeString(home.resolve("rb.yaml"), "apiVersion: backout/v1\nkindd: x\n");

    JsonNode problems =
        Json.MAPPER.readTree(Said.by(home, "lint", runbook.toString(), "-o", "json").out());
    JsonNode sarif =
        Json.MAPPER.readTree(Said.by(home, "lint", runbook.toString(), "-o", "sarif").out());

    assertTrue(
        problems.findValuesAsText("code").contains("unknown-key"), problems.toPrettyString());
    assertEquals(problems.size(), sarif.path("runs").path(0).path("results").size());
    assertTrue(
        Said.by(home, "lint", runbook.toString(), "-o", "github")
            .out()
            .startsWith("::error file="));
  }

  @Test
  void colourIsUsedOnlyWhereItIsWanted() throws IOException {
    Path runbook = Files.writeString(home.resolve("rb.yaml"), "kindd: x\n");

    String always = Said.by(home, "lint", runbook.toString(), "--color", "always").out();
    String never = Said.by(home, "lint", runbook.toString(), "--color", "never").out();

    assertTrue(always.contains("\u001b["));
    assertFalse(never.contains("\u001b["));
  }

  @Test
  void aFileThatIsNotThereHasNoPlan() {
    Said said = Said.by(home, "plan", home.resolve("missing.yaml").toString());

    assertEquals(3, said.exit());
    assertTrue(said.err().contains("There is no such file"), said.err());
  }

  @Test
  void aPlanThatWasChangedByHandIsNotRun() throws IOException {
    Path plan = Files.writeString(home.resolve("plan.json"), "{\"plan\": {}}");

    Said said = Said.by(home, "run", plan.toString(), "--yes");

    assertEquals(1, said.exit());
    assertTrue(said.err().contains("is no plan that can be run"), said.err());
  }

  @Test
  void aMisspeltActionIsAnsweredWithTheNearestOne() {
    Said said = Said.by(home, "actions", "sqlite.restor");

    assertEquals(1, said.exit());
    assertTrue(said.err().contains("sqlite.restore"), said.err());
  }

  @Test
  void theActionsOfOneSystemAreListedByItsName() {
    Said said = Said.by(home, "actions", "compose");

    assertEquals(0, said.exit(), said::err);
    assertTrue(said.out().contains("compose.setImage"), said.out());
    assertTrue(said.out().lines().noneMatch(line -> line.startsWith("sqlite.")), said.out());
  }

  @Test
  void theCompletionScriptKnowsEveryCommand() {
    for (String shell : List.of("bash", "zsh")) {
      Said said = Said.by(home, "completion", shell);

      assertEquals(0, said.exit());
      assertTrue(said.out().contains("postmortem") || said.out().contains("history"));
      assertTrue(said.out().contains("_complete_backout"), said.out());
    }
  }

  @Test
  void theReferencePageIsWhatTheCommandsSay() throws IOException {
    Path page = Path.of("../docs/reference/command-line.md");
    String generated = CommandReference.page();
    if (System.getProperty("backout.regenerate") != null) {
      Files.writeString(page, generated);
    }

    assertEquals(
        Files.exists(page) ? Files.readString(page) : "",
        generated,
        "docs/reference/command-line.md differs; write it anew with: mvn -q -pl worker -am test"
            + " -Dtest=CommandLineTest -Dsurefire.failIfNoSpecifiedTests=false -Dbackout.regenerate=true");
  }
}
