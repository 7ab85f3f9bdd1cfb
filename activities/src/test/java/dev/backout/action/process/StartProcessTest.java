package dev.backout.action.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.action.TextOrSecret;
import dev.backout.testing.PlainContext;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StartProcessTest {
  @TempDir private Path temporary;
  private Path directory;
  private final List<Long> started = new ArrayList<>();
  private final PlainContext context = new PlainContext().secret("TOKEN", "s3cr3t-value");

  @BeforeEach
  void realDirectory() throws Exception {
    directory = temporary.toRealPath();
  }

  @AfterEach
  void endWhatIsLeft() {
    started.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
  }

  @Test
  void theProgramRunsInItsDirectoryWithASessionOfItsOwnAndItsEnvironment() throws Exception {
    StartProcess.Output output =
        start(
            List.of("sh", "-c", "echo $TOKEN > seen; pwd >> seen; echo written; exec sleep 1000"),
            null);

    assertFalse(output.alreadyRunning());
    assertEquals(
        List.of("s3cr3t-value", directory.toString()),
        Files.readAllLines(directory.resolve("seen")));
    assertEquals("written\n", Files.readString(output.log()));
    String stat = Files.readString(Path.of("/proc/" + output.pid() + "/stat"));
    String session = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];
    assertEquals(output.pid(), Long.parseLong(session));
  }

  @Test
  void whatAlreadyRunsIsNotStartedAgain() throws Exception {
    StartProcess.Output first = start(List.of("sleep", "1003"), null);
    StartProcess.Output second = start(List.of("sleep", "1003"), null);

    assertTrue(second.alreadyRunning());
    assertEquals(first.pid(), second.pid());
  }

  @Test
  void aProgramThatEndsAtOnceFailsWithTheEndOfItsLog() {
    ActionException failed =
        assertThrows(
            ActionException.class,
            () -> start(List.of("sh", "-c", "echo no database >&2; exit 3"), null));

    assertTrue(failed.getMessage().contains("exit code 3"), failed.getMessage());
    assertTrue(failed.getMessage().contains("no database"), failed.getMessage());
  }

  @Test
  void aPortThatAStrangerHoldsIsSaidBeforeAnythingIsStarted() throws Exception {
    try (ServerSocket stranger = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ActionException refused =
          assertThrows(
              ActionException.class,
              () ->
                  start(List.of("sh", "-c", "touch started; sleep 1000"), stranger.getLocalPort()));

      assertTrue(
          refused.getMessage().contains("taken by [process " + ProcessHandle.current().pid()),
          refused.getMessage());
      assertFalse(Files.exists(directory.resolve("started")));
    }
  }

  @Test
  void aProgramThatIsNotThereIsSaid() {
    ActionException failed =
        assertThrows(ActionException.class, () -> start(List.of("no-such-program"), null));
    assertTrue(failed.getMessage().contains("no program 'no-such-program'"), failed.getMessage());
  }

  private StartProcess.Output start(List<String> command, @Nullable Integer port) throws Exception {
    StartProcess.Output output =
        new StartProcess()
            .run(
                new StartProcess.Input(
                    command,
                    directory,
                    Map.of("TOKEN", new TextOrSecret("secret:TOKEN")),
                    null,
                    null,
                    port,
                    Duration.ofSeconds(20),
                    Duration.ofMillis(500)),
                context);
    started.add(output.pid());
    return output;
  }
}
