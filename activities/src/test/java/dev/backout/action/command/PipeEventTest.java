package dev.backout.action.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.SecretStore;
import dev.backout.action.StepCall;
import dev.backout.action.TextOrSecret;
import dev.backout.action.WorkerContext;
import dev.backout.action.WorkerLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PipeEventTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;

  private PipeEvent.Output tell(List<String> command, Duration timeout, String event)
      throws Exception {
    JsonNode json = new ObjectMapper().readTree(event);
    SecretStore secrets =
        new SecretStore(Map.of(), directory, Map.of("TOKEN", "s3cr3t-t0ken"), List.of());
    try (WorkerContext context =
        new WorkerContext(
            new StepCall("run", "book", "shop", "notifications.oncall", 1),
            secrets,
            new WorkerLimits(List.of(directory), List.of("sh", "nowhere"), directory),
            progress -> {})) {
      return new PipeEvent()
          .run(
              new PipeEvent.Input(
                  command, Map.of("TOKEN", new TextOrSecret("secret:TOKEN")), timeout, json),
              context);
    }
  }

  private ActionException failure(String script, Duration timeout) {
    return assertThrows(
        ActionException.class, () -> tell(List.of("sh", "-c", script), timeout, "{}"));
  }

  @Test
  void theProgramGetsTheEventAsOneLine() throws Exception {
    Path got = directory.resolve("got");

    var unused =
        tell(
            List.of("sh", "-c", "cat > " + got),
            PATIENCE,
            "{\"id\": \"run/1\", \"text\": \"$HOME\"}");

    assertEquals("{\"id\":\"run/1\",\"text\":\"$HOME\"}\n", Files.readString(got));
  }

  @Test
  void aProgramThatReadsNothingHoldsNothingUp() throws Exception {
    String long1 = "x".repeat(1_000_000);

    var unused = tell(List.of("sh", "-c", "exit 0"), PATIENCE, "{\"text\": \"" + long1 + "\"}");
  }

  @Test
  void anExitCodeThatIsNotZeroIsTriedAgainAndSaysWhyWithoutItsSecrets() {
    ActionException failure = failure("echo no line to $TOKEN >&2; exit 3", PATIENCE);

    assertEquals(Kind.TRANSIENT, failure.kind());
    assertEquals("sh did not take the event: exit code 3: no line to ***", failure.getMessage());
  }

  @Test
  void aProgramThatHangsIsEndedWithAllThatItHasStarted() throws Exception {
    Path pid = directory.resolve("pid");

    ActionException failure =
        failure("sleep 1000 & echo $! > " + pid + "; wait", Duration.ofSeconds(1));

    assertEquals(Kind.TRANSIENT, failure.kind());
    assertEquals("sh did not end within 1s and was ended.", failure.getMessage());
    long child = Long.parseLong(Files.readString(pid).strip());
    assertFalse(RunCommandTest.isAlive(Long.toString(child)));
  }

  @Test
  void whatTheOperatorHasNotAllowedIsNotRun() {
    ActionException failure =
        assertThrows(ActionException.class, () -> tell(List.of("curl", "x"), PATIENCE, "{}"));

    assertEquals(Kind.NOT_ALLOWED, failure.kind());
  }

  @Test
  void aProgramThatIsNotThereIsNotTriedAgain() {
    ActionException failure =
        assertThrows(ActionException.class, () -> tell(List.of("nowhere"), PATIENCE, "{}"));

    assertEquals(Kind.PERMANENT, failure.kind());
    assertTrue(failure.getMessage().contains("can't be run"), failure.getMessage());
  }
}
