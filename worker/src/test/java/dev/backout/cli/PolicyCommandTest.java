package dev.backout.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.plan.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyCommandTest {
  private static final String POLICY =
      """
      apiVersion: backout/v1
      requireVerified: false
      groups:
        oncall: [ada]
      start:
        - { who: group:oncall, kinds: emergency, signed: true }
      decide:
        - { who: group:oncall, choices: [retry, stop] }
      acts:
        deny: [command.run]
      """;

  @TempDir Path home;
  private Path policy;

  @BeforeEach
  void write() throws IOException {
    policy = home.resolve(".config/backout/policy.yaml");
    Files.createDirectories(home.resolve(".config/backout"));
    Files.writeString(policy, POLICY);
  }

  private Said check(String arguments) {
    return Said.by(home, ("policy check " + arguments).strip().split(" +"));
  }

  @Test
  void thisMachinesPolicyIsTheOneThatIsChecked() {
    Said said = check("");

    assertEquals(0, said.exit(), said::toString);
    assertTrue(said.err().contains(policy + ": nothing wrong, sha256:"), said::toString);
  }

  @Test
  void withoutAPolicyItSaysWhatThatMeans() throws IOException {
    Files.delete(policy);

    Said said = check("");

    assertEquals(1, said.exit(), said::toString);
    assertTrue(said.err().contains("everybody may do everything"), said::toString);
  }

  @Test
  void anErrorIsShownInItsLineAndEndsWithExitCode3() throws IOException {
    Files.writeString(policy, POLICY.replace("deny:", "dney:"));

    Said said = check("");

    assertEquals(3, said.exit(), said::toString);
    assertTrue(said.out().contains(policy + ":10:3: error: `dney`"), said::toString);
    assertTrue(said.out().contains("Did you mean `deny`?"), said::toString);
  }

  @Test
  void whoMayDoSomethingIsToldSoWithTheRuleThatDecides() {
    Said said = check("--as ada --start emergency --target web");

    assertEquals(0, said.exit(), said::toString);
    assertEquals("ada may start an emergency runbook on `web` (" + policy + ":6).\n", said.out());
  }

  @Test
  void whoMayNotIsToldWhyAndTheExitCodeIs4() {
    Said unsigned = check("--as ada --unsigned --start emergency --target web");
    Said choice = check("--as ada --choice approve --kind emergency --target web");
    Said action = check("--action command.run");

    assertEquals(4, unsigned.exit(), unsigned::toString);
    assertTrue(unsigned.out().contains("only with a signature"), unsigned::toString);
    assertEquals(4, choice.exit(), choice::toString);
    assertTrue(choice.out().contains("ada may not `approve`"), choice::toString);
    assertEquals(4, action.exit(), action::toString);
  }

  @Test
  void machinesGetTheHashTheProblemsAndTheAnswer() throws IOException {
    Said said = check("-o json --as eve --start emergency --target web");

    JsonNode json = Json.MAPPER.readTree(said.out());
    assertEquals(4, said.exit(), said::toString);
    assertTrue(json.path("hash").asText().startsWith("sha256:"), said::toString);
    assertEquals(false, json.path("answer").path("allowed").asBoolean(true));
    assertTrue(json.path("diagnostics").isArray(), said::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--as ada",
        "--start emergency --target web",
        "--as ada --start emergancy --target web",
        "--as ada --choice nod --kind planned --target web",
        "--as ada --start emergency --target web --action command.run"
      })
  void aQuestionThatIsNoneIsAnsweredWithWhatIsMissing(String arguments) {
    assertEquals(2, check(arguments).exit());
  }

  @Test
  void thePolicyThatWorkerYamlNamesIsTheOneThatDoctorShowsAndCheckReads() throws IOException {
    Path elsewhere = Files.writeString(home.resolve("own.yaml"), POLICY);
    Files.writeString(policy.resolveSibling("worker.yaml"), "policy: " + elsewhere + "\n");

    assertTrue(check("").err().contains(elsewhere + ": nothing wrong"));
    assertTrue(Said.by(home, "doctor").out().contains(elsewhere.toString()));
  }
}
