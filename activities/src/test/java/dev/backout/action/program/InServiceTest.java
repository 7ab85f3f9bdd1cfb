package dev.backout.action.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.ComposeSite;
import dev.backout.testing.DockerEngine;
import dev.backout.testing.PlainContext;
import dev.backout.testing.RequiresDocker;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Programs that are run where the application lives: in a service of a real Compose project. */
@RequiresDocker
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class InServiceTest {
  private final PlainContext context = new PlainContext().secret("TOKEN", "s3cr3t-value");
  private DockerEngine engine;
  private ComposeSite site;

  @BeforeAll
  void start(DockerEngine docker, @TempDir Path directory) throws Exception {
    engine = docker;
    engine.publish("rc1");
    site = ComposeSite.layOut(engine, directory.resolve("a site"), "rc1").up();
  }

  @AfterAll
  void end() {
    site.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "exec"})
  void theProgramSeesTheServicesWorldAndItsSecretIsMasked(String how) throws Exception {
    JsonNode output =
        run(
            "'sh', '-c', 'cat /version; pwd; echo $TOKEN $EXPORT_MODE'",
            how,
            ", 'environment': {'TOKEN': 'secret:TOKEN'}, 'workingDirectory': '/etc'");

    assertEquals("rc1\n/etc\n*** on", output.get("tail").asText());
    assertEquals("rc1\n/etc\n*** on\n", Files.readString(Path.of(output.get("log").asText())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "exec"})
  void aSecretIsNotInTheWordsOfAnyProcessOfTheWorker(String how) throws Exception {
    JsonNode output =
        run(
            "'sh', '-c', 'sleep 1; echo done'",
            how,
            ", 'environment': {'TOKEN': 'secret:TOKEN'}",
            new PlainContext()
                .secret("TOKEN", "s3cr3t-value")
                .atHeartbeat(
                    () ->
                        assertFalse(
                            ProcessHandle.allProcesses()
                                .flatMap(process -> process.info().commandLine().stream())
                                .anyMatch(line -> line.contains("s3cr3t-value")))));

    assertEquals("done", output.get("tail").asText());
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "exec"})
  void anExitCodeIsTheProgramsOwn(String how) {
    ActionException failed = fails("'sh', '-c', 'echo no such table; exit 7'", how, "");

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(failed.getMessage().startsWith("sh failed: exit code 7"), failed.getMessage());
    assertTrue(failed.getMessage().contains("no such table"), failed.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "exec"})
  void aProgramThatIsNotThereWasNotRun(String how) {
    ActionException failed = fails("'no-such-program'", how, "");

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(
        failed.getMessage().startsWith("There is no program 'no-such-program' in "),
        failed.getMessage());
    assertTrue(failed.getMessage().contains("It was not run"), failed.getMessage());
  }

  /** Also where the program in the container takes no notice of what happens to its caller. */
  @ParameterizedTest
  @ValueSource(strings = {"run", "exec"})
  void afterTheTimeoutNothingOfItIsLeftAndTheOutcomeIsUnknown(String how) {
    ActionException failed =
        fails(
            "'sh', '-c', 'trap : TERM HUP; while :; do sleep 77; done'", how, ", 'timeout': '2s'");

    assertEquals(Kind.UNKNOWN_OUTCOME, failed.kind());
    assertTrue(failed.getMessage().contains("and was ended"), failed.getMessage());
    assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"run", "exec"})
  void aCancellationEndsIt(String how) {
    PlainContext cancelled = new PlainContext();
    assertThrows(
        CancelledException.class,
        () ->
            run(
                "'sleep', '77'",
                how,
                "",
                cancelled.atHeartbeat(
                    () -> {
                      if (sleepers() > 0) {
                        cancelled.cancel();
                      }
                    })));

    assertNothingLeft();
  }

  @ParameterizedTest
  @ValueSource(strings = {"DOCKER_HOST", "COMPOSE_FILE", "HOME", "IMAGE_TAG"})
  void aVariableByWhichSomethingElseWouldBeRunIsRefused(String name) {
    ActionException refused = fails("'true'", "run", ", 'environment': {'" + name + "': 'rc9'}");

    assertEquals(Kind.NOT_ALLOWED, refused.kind());
    assertTrue(refused.getMessage().contains("may not be given " + name), refused::getMessage);
  }

  @Test
  void aServiceThatIsNotThereIsNamedWithThoseThatAre() {
    ActionException failed =
        assertThrows(
            ActionException.class, () -> Catalog.run("command.run", input("web", "run"), context));

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(
        failed.getMessage().contains("There is no service 'web'")
            && failed.getMessage().contains("there are api, jobs"),
        failed.getMessage());
  }

  @Test
  void aServiceWithoutARunningContainerCouldNotBeReached() {
    site.compose("stop", "jobs");
    try {
      ActionException failed =
          assertThrows(
              ActionException.class,
              () -> Catalog.run("command.run", input("jobs", "exec"), context));

      assertEquals(Kind.TRANSIENT, failed.kind());
      assertTrue(failed.getMessage().contains("could not be reached"), failed.getMessage());
    } finally {
      site.compose("start", "jobs");
    }
  }

  @Test
  void aDaemonThatIsDownCouldNotBeReachedAndOneThatIsLostOnTheWayLeavesADoubt() {
    PlainContext losing = new PlainContext();
    ActionException lost =
        assertThrows(
            ActionException.class,
            () ->
                run(
                    "'sleep', '77'",
                    "run",
                    "",
                    losing.atHeartbeat(
                        () -> {
                          if (sleepers() > 0) {
                            engine.stopDaemon();
                          }
                        })));
    try {
      assertEquals(Kind.UNKNOWN_OUTCOME, lost.kind(), lost.getMessage());
      assertTrue(lost.getMessage().contains("It is not known whether sleep ran"), lost::getMessage);

      ActionException down = fails("'true'", "run", "");
      assertEquals(Kind.TRANSIENT, down.kind());
      assertTrue(
          down.getMessage().contains("The Docker daemon can't be reached"), down::getMessage);
    } finally {
      engine.restartDaemon();
      site.up();
    }
  }

  @Test
  void thePreviewSaysWhereAndWhatIsWrongAsThingsAre() throws Exception {
    JsonNode preview = Catalog.preview("command.run", input("api", "exec"), context);
    assertTrue(
        preview.get("summary").asText().startsWith("Would run true in the running container of"),
        preview::toString);

    JsonNode wrong = Catalog.preview("command.run", input("web", "exec"), context);
    assertTrue(wrong.toString().contains("There is no service 'web'"), wrong::toString);
  }

  private String input(String service, String how) {
    return "{'command': ['true'], 'in': {'compose': {'project': '"
        + site.home()
        + "', 'service': '"
        + service
        + "', 'how': '"
        + how
        + "'}}}";
  }

  private JsonNode run(String words, String how, String more) throws Exception {
    return run(words, how, more, context);
  }

  private JsonNode run(String words, String how, String more, PlainContext with) throws Exception {
    String input = input("api", how).replace("'true'", words);
    return Catalog.run("command.run", input.substring(0, input.length() - 1) + more + "}", with);
  }

  private ActionException fails(String words, String how, String more) {
    return assertThrows(ActionException.class, () -> run(words, how, more));
  }

  private void assertNothingLeft() {
    assertEquals(0, sleepers());
    assertEquals(
        "", engine.docker("ps", "--all", "--quiet", "--filter", "name=backout-").text().strip());
  }

  private static long sleepers() {
    return ProcessHandle.allProcesses()
        .flatMap(process -> process.info().arguments().stream())
        .filter(arguments -> arguments.length > 0 && arguments[arguments.length - 1].equals("77"))
        .count();
  }
}
