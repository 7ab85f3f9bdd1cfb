package dev.backout.action.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.SecretStore;
import dev.backout.action.StepCall;
import dev.backout.action.TextFile;
import dev.backout.action.TextOrSecret;
import dev.backout.action.WorkerContext;
import dev.backout.action.WorkerLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunCommandTest {
  @TempDir private Path directory;

  @Test
  void theOutputIsKeptWithoutItsSecretsAndItsEndIsInTheResult() throws Exception {
    RunCommand.Output output =
        run("echo token $TOKEN; echo oops >&2", Duration.ofSeconds(20), progress -> {});

    assertEquals("token ***\noops", output.tail());
    assertEquals("token ***\noops\n", Files.readString(output.log()));
    assertEquals(TextFile.sha256("token ***\noops\n"), output.sha256());
  }

  @Test
  void anExitCodeThatIsNoSuccessIsAFailureWithItsLastWords() {
    ActionException failed =
        assertThrows(
            ActionException.class,
            () -> run("echo no such table; exit 7", Duration.ofSeconds(20), progress -> {}));

    assertEquals(Kind.PERMANENT, failed.kind());
    assertTrue(failed.getMessage().contains("exit code 7"), failed.getMessage());
    assertTrue(failed.getMessage().contains("no such table"), failed.getMessage());
  }

  @Test
  void afterTheTimeoutTheProgramAndItsChildrenAreGoneAndTheOutcomeIsUnknown() throws Exception {
    Path pids = directory.resolve("pids");

    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                run(
                    "sleep 1000 & echo $! >> " + pids + "; echo $$ >> " + pids + "; wait",
                    Duration.ofSeconds(1),
                    progress -> {}));

    assertEquals(Kind.UNKNOWN_OUTCOME, failed.kind());
    for (String pid : Files.readAllLines(pids)) {
      assertFalse(isAlive(pid), pid);
    }
  }

  @Test
  void aCancellationEndsTheProgram() throws Exception {
    Path pid = directory.resolve("pid");

    assertThrows(
        CancelledException.class,
        () ->
            run(
                "echo $$ > " + pid + "; sleep 1000",
                Duration.ofMinutes(5),
                progress -> {
                  if (Files.exists(pid)) {
                    throw new IllegalStateException("cancelled");
                  }
                }));

    assertFalse(isAlive(Files.readString(pid).strip()));
  }

  @Test
  void aProgramThatIsNotAllowedOrNotThereIsNotRun() {
    assertEquals(
        Kind.NOT_ALLOWED,
        assertThrows(ActionException.class, () -> run(List.of("cat", "/etc/passwd"))).kind());
    String said =
        assertThrows(ActionException.class, () -> run(List.of("no-such-program"))).getMessage();
    assertTrue(said.contains("There is no program 'no-such-program'"), said);
  }

  /** A process that is dead and not yet collected by its parent is not alive. */
  private static boolean isAlive(String pid) throws Exception {
    Path status = Path.of("/proc", pid, "stat");
    return Files.exists(status) && !Files.readString(status).contains(") Z ");
  }

  private RunCommand.Output run(String script, Duration timeout, Consumer<String> heartbeat)
      throws Exception {
    return run(List.of("sh", "-c", script), timeout, heartbeat);
  }

  private RunCommand.Output run(List<String> command) throws Exception {
    return run(command, Duration.ofSeconds(20), progress -> {});
  }

  private RunCommand.Output run(List<String> command, Duration timeout, Consumer<String> heartbeat)
      throws Exception {
    try (WorkerContext context =
        new WorkerContext(
            new StepCall("run-1", "runbook", "target", "step", 1),
            new SecretStore(Map.of(), directory, Map.of("TOKEN", "s3cr3t-value"), List.of()),
            new WorkerLimits(List.of(directory), List.of("sh", "no-such-program"), directory),
            heartbeat)) {
      return new RunCommand()
          .run(
              new RunCommand.Input(
                  command,
                  null,
                  Map.of("TOKEN", new TextOrSecret("secret:TOKEN")),
                  timeout,
                  List.of(0)),
              context);
    }
  }
}
