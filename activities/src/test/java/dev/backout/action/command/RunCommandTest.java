package dev.backout.action.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.SecretStore;
import dev.backout.action.Sha256;
import dev.backout.action.StepCall;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RunCommandTest {
  @TempDir private Path directory;

  @Test
  void theOutputIsKeptWithoutItsSecretsAndItsEndIsInTheResult() throws Exception {
    RunCommand.Output output =
        run("echo token $TOKEN; echo oops >&2", Duration.ofSeconds(20), progress -> {});

    assertEquals("token ***\noops", output.tail());
    assertEquals("token ***\noops\n", Files.readString(output.log()));
    assertEquals(Sha256.of("token ***\noops\n"), output.sha256());
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

  /** In each way of leaving: a session of its own, orphaned, with a clean environment. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "sleep 1000 & echo $! >> PIDS; echo $$ >> PIDS; wait",
        "setsid sleep 1000 & echo $! >> PIDS; sleep 1000",
        "(setsid sh -c 'echo $$ >> PIDS; exec sleep 1000' &) ; sleep 1000",
        "(setsid sh -c 'echo $$ >> PIDS; exec sleep 1000' > /dev/null 2>&1 &) ; sleep 1000",
        "env -i setsid sh -c 'echo $$ >> PIDS; sleep 1000; true' & sleep 1000",
        "trap '' TERM; setsid sh -c 'echo $$ >> PIDS; while :; do sleep 0.1; done'",
      })
  void afterTheTimeoutTheProgramAndAllThatDetachedItselfAreGoneAndTheOutcomeIsUnknown(String script)
      throws Exception {
    Path pids = directory.resolve("pids");

    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                run(
                    script.replace("PIDS", pids.toString()),
                    Duration.ofSeconds(2),
                    progress -> {}));

    assertEquals(Kind.UNKNOWN_OUTCOME, failed.kind());
    assertTrue(failed.getMessage().contains("with all that it had started"), failed.getMessage());
    for (String pid : Files.readAllLines(pids)) {
      assertFalse(isAlive(pid), pid);
    }
  }

  @Test
  void whatAProgramThatEndedWellHasLeftRunningGoesOnAndIsNotWaitedFor() throws Exception {
    Path pid = directory.resolve("pid");

    RunCommand.Output output =
        run(
            "(setsid sh -c 'echo $$ > "
                + pid
                + "; sleep 1000; true' &); "
                + "until [ -s "
                + pid
                + " ]; do sleep 0.05; done; echo up",
            Duration.ofSeconds(60),
            progress -> {});

    assertEquals("up", output.tail());
    assertTrue(isAlive(Files.readString(pid).strip()));
    ProcessHandle daemon = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).get();
    daemon.descendants().forEach(ProcessHandle::destroyForcibly);
    daemon.destroyForcibly();
  }

  @Test
  void whatADetachedChildWritesLaterIsNotInTheEvidence() throws Exception {
    Path go = directory.resolve("go");
    Path written = directory.resolve("written");

    RunCommand.Output output =
        run(
            "(setsid sh -c 'until [ -e %s ]; do sleep 0.05; done; (echo late); touch %s' &); echo early"
                .formatted(go, written),
            Duration.ofSeconds(60),
            progress -> {});
    Files.createFile(go);
    for (int i = 0; i < 600 && !Files.exists(written); i++) {
      Thread.sleep(50);
    }
    assertTrue(Files.exists(written), "the child has not written within 30 s");

    assertEquals("early\n", Files.readString(output.log()));
    assertEquals(Sha256.of("early\n"), output.sha256());
  }

  @Test
  void aLineWithoutAnEndIsCutAndTheEndOfTheOutputIsStillShown() throws Exception {
    RunCommand.Output output =
        run(
            "head -c 100000000 /dev/zero | tr '\\0' x; echo; echo the end",
            Duration.ofMinutes(2),
            progress -> {});

    assertTrue(output.tail().endsWith("the end"), output.tail());
    assertTrue(Files.size(output.log()) < 2 << 20);
    assertTrue(Files.readString(output.log()).contains("the rest of this line was not kept"));
  }

  @Test
  void moreThanIsKeptIsSaidToBeSoAndTheEndOfItIsStillShown() throws Exception {
    RunCommand.Output output =
        run("yes 0123456789 | head -c 30000000; echo the end", Duration.ofMinutes(2), p -> {});

    assertTrue(output.tail().endsWith("the end"), output.tail());
    assertTrue(Files.size(output.log()) <= (16 << 20) + 100, "" + Files.size(output.log()));
    assertTrue(Files.readString(output.log()).endsWith("after 16 MiB was not kept]\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "LD_PRELOAD",
        "LD_LIBRARY_PATH",
        "DYLD_INSERT_LIBRARIES",
        "JAVA_TOOL_OPTIONS",
        "PYTHONPATH",
        "PATH",
        "BASH_ENV",
        "NODE_OPTIONS",
        "BACKOUT_PROCESS"
      })
  void aVariableThatGoesRoundTheListOfProgramsIsRefused(String name) {
    Path ran = directory.resolve("ran");

    ActionException refused =
        assertThrows(
            ActionException.class,
            () ->
                run(
                    List.of("sh", "-c", "touch " + ran),
                    Map.of(name, new TextOrSecret("/tmp/evil"), "HARMLESS", new TextOrSecret("1")),
                    Duration.ofSeconds(20),
                    progress -> {}));

    assertEquals(Kind.NOT_ALLOWED, refused.kind());
    assertTrue(
        refused.getMessage().contains("may not be given " + name + ":"), refused.getMessage());
    assertFalse(Files.exists(ran));
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
  /** A zombie, which waits for its parent to look, is dead. */
  static boolean isAlive(String pid) throws Exception {
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
    return run(command, Map.of("TOKEN", new TextOrSecret("secret:TOKEN")), timeout, heartbeat);
  }

  private RunCommand.Output run(
      List<String> command,
      Map<String, TextOrSecret> environment,
      Duration timeout,
      Consumer<String> heartbeat)
      throws Exception {
    try (WorkerContext context =
        new WorkerContext(
            new StepCall("run-1", "runbook", "target", "step", 1),
            new SecretStore(Map.of(), directory, Map.of("TOKEN", "s3cr3t-value"), List.of()),
            new WorkerLimits(List.of(directory), List.of("sh", "no-such-program"), directory),
            heartbeat)) {
      return new RunCommand()
          .run(
              new RunCommand.Input(command, null, null, environment, timeout, List.of(0)), context);
    }
  }
}
