package dev.backout.action.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.Preview;
import dev.backout.action.TextOrSecret;
import dev.backout.testing.PlainContext;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void endWhatIsLeft() throws Exception {
    started.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    ProcessTable.all().stream()
        .filter(process -> process.workingDirectory().map(directory::equals).orElse(false))
        .flatMap(process -> ProcessHandle.of(process.pid()).stream())
        .forEach(ProcessHandle::destroyForcibly);
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

  @Test
  void aStrangerThatTakesThePortMeanwhileIsNamedAndTheProgramStoppedAgain() throws Exception {
    int port = freePort();
    Path pid = directory.resolve("own-pid");
    List<ServerSocket> stranger = new ArrayList<>();
    context.atHeartbeat(
        () -> {
          if (stranger.isEmpty()) {
            stranger.add(listen(port));
          }
        });

    ActionException failed =
        assertThrows(
            ActionException.class,
            () -> start(List.of("sh", "-c", "echo $$ > " + pid + "; exec sleep 1005"), port));

    stranger.get(0).close();
    String said = failed.getMessage();
    assertTrue(said.contains("held by a stranger: process " + ProcessHandle.current().pid()), said);
    assertTrue(said.contains("was stopped again"), said);
    assertTrue(ProcessTable.find(Long.parseLong(Files.readString(pid).strip())).isEmpty());
  }

  @Test
  void aChildOfTheProgramMayBeWhoListens() throws Exception {
    int port = freePort();

    StartProcess.Output output = start(List.of("sh", "-c", listener(port) + " & wait"), port);

    assertFalse(output.alreadyRunning());
    List<RunningProcess> listeners = ProcessTable.listeningOn(port);
    assertEquals(1, listeners.size());
    assertEquals(output.pid(), listeners.get(0).parent());
    ProcessHandle.of(listeners.get(0).pid()).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void whatRunsAlreadyIsWaitedForUntilItListens() throws Exception {
    int port = freePort();
    Path go = directory.resolve("go");
    List<String> command =
        List.of("sh", "-c", "until [ -e go ]; do sleep 0.05; done; exec " + listener(port));
    StartProcess.Output first = start(command, null);
    context.atHeartbeat(() -> create(go));

    StartProcess.Output second = start(command, port);

    assertTrue(second.alreadyRunning());
    assertEquals(first.pid(), second.pid());
    assertTrue(ProcessTable.isListening(port));
  }

  @Test
  void whatRunsAlreadyAndNeverListensIsLeftAsItIs() throws Exception {
    StartProcess.Output first = start(List.of("sleep", "1006"), null);

    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                new StartProcess()
                    .run(input(List.of("sleep", "1006"), null, freePort(), null), context));

    assertTrue(failed.getMessage().contains("is running already"), failed.getMessage());
    assertTrue(failed.getMessage().contains("did not listen on port"), failed.getMessage());
    assertTrue(ProcessTable.find(first.pid()).isPresent());
  }

  @Test
  void aCancelledStartLeavesNeitherAProgramNorAPidFile() throws Exception {
    Path pidFile = directory.resolve("pid");
    List<Long> pids = new ArrayList<>();
    context.atHeartbeat(
        () -> {
          if (Files.exists(directory.resolve("child"))) {
            pids.add(Long.parseLong(read(pidFile)));
            pids.add(Long.parseLong(read(directory.resolve("child"))));
            throw new CancelledException("The step was cancelled.");
          }
        });

    CancelledException cancelled =
        assertThrows(
            CancelledException.class,
            () ->
                new StartProcess()
                    .run(
                        input(
                            List.of(
                                "sh",
                                "-c",
                                "setsid sleep 1007 & echo $! > c; mv c child; trap '' TERM; while :; do sleep 0.1; done"),
                            pidFile,
                            null,
                            null),
                        context));

    assertTrue(cancelled.getMessage().contains("was stopped again"), cancelled.getMessage());
    for (long pid : pids) {
      assertTrue(ProcessTable.find(pid).isEmpty(), pids.toString());
    }
    assertFalse(Files.exists(pidFile));
  }

  @Test
  void aPidFileThatCannotBeWrittenLeavesNoProgram() {
    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                new StartProcess()
                    .run(
                        input(List.of("sleep", "1008"), directory.resolve("none/pid"), null, null),
                        context));

    assertTrue(failed.getMessage().contains("can't be written"), failed.getMessage());
    assertTrue(failed.getMessage().contains("was stopped again"), failed.getMessage());
  }

  @Test
  void aLogThatCannotBeWrittenIsSaidForGoodAndNothingIsStarted() throws Exception {
    StartProcess.Input input =
        new StartProcess.Input(
            List.of("sh", "-c", "touch started"),
            directory,
            null,
            null,
            directory.resolve("none/out.log"),
            null,
            null,
            Duration.ofSeconds(2),
            Duration.ofMillis(500));

    ActionException failed =
        assertThrows(ActionException.class, () -> new StartProcess().run(input, context));

    assertEquals(ActionException.Kind.PERMANENT, failed.kind());
    assertTrue(failed.getMessage().contains("none/out.log"), failed.getMessage());
    assertTrue(failed.getMessage().contains("Nothing was started"), failed.getMessage());
    assertFalse(Files.exists(directory.resolve("started")));
  }

  @Test
  void whatRunsAlreadyGetsThePidFileThatItLacks() throws Exception {
    StartProcess.Output first = start(List.of("sleep", "1009"), null);
    Path pidFile = directory.resolve("pid");

    new StartProcess().run(input(List.of("sleep", "1009"), pidFile, null, null), context);

    assertEquals(first.pid() + "\n", Files.readString(pidFile));
  }

  @Test
  void onlyTheEndOfALogIsReadEvenIfItWasTruncatedMeanwhile() throws Exception {
    Path log = directory.resolve("sh.out");
    try (RandomAccessFile huge = new RandomAccessFile(log.toFile(), "rw")) {
      huge.setLength(3L << 30);
    }

    ActionException failed =
        assertThrows(
            ActionException.class,
            () -> start(List.of("sh", "-c", "echo rotated > sh.out; exit 3"), null));
    assertTrue(failed.getMessage().contains("rotated"), failed.getMessage());

    try (RandomAccessFile huge = new RandomAccessFile(log.toFile(), "rw")) {
      huge.setLength(3L << 30);
    }
    failed =
        assertThrows(
            ActionException.class,
            () -> start(List.of("sh", "-c", "echo; echo no database; exit 3"), null));
    assertTrue(failed.getMessage().contains("no database"), failed.getMessage());
    assertTrue(failed.getMessage().length() < 5_000);
  }

  @Test
  void theEnvironmentFileGivesVariablesAndTheStepsOwnWin() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve(".env"),
            "# why\nexport A='one two'\nB=\"say \\\"$HOME\\\"\\n\" # said\n\nTOKEN=from-file\nC=secret:TOKEN\n");

    new StartProcess()
        .run(
            input(
                List.of(
                    "sh", "-c", "printf '%s|%s|%s|%s' \"$A\" \"$B\" $TOKEN $C > seen; sleep 1014"),
                directory.resolve("pid"),
                null,
                file),
            context);

    assertEquals(
        "one two|say \"$HOME\"\n|s3cr3t-value|s3cr3t-value",
        Files.readString(directory.resolve("seen")));
  }

  @Test
  void whatLooksConfidentialInTheEnvironmentFileIsMaskedInTheLogsEnd() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve(".env"), "DB=postgresql://u:hunter22@db/x\nAPI_KEY=k3y-value\n");

    String said =
        assertThrows(
                ActionException.class,
                () ->
                    new StartProcess()
                        .run(
                            input(
                                List.of("sh", "-c", "echo $DB $API_KEY; exit 1"), null, null, file),
                            context))
            .getMessage();

    assertTrue(said.contains("*** ***"), said);
    assertFalse(said.contains("hunter22") || said.contains("k3y-value"), said);
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3cr3t", "A='open", "A=\"x\" y", "=1", "A B=1", "export"})
  void aWrongLineOfTheEnvironmentFileIsNamedAndNotRepeated(String line) throws Exception {
    Path file = Files.writeString(directory.resolve(".env"), "# first\nB=1\n" + line + "\nC=2\n");

    ActionException failed =
        assertThrows(
            ActionException.class,
            () ->
                new StartProcess()
                    .run(input(List.of("sh", "-c", "touch started"), null, null, file), context));

    assertTrue(failed.getMessage().startsWith(file + ":3: expected "), failed.getMessage());
    assertFalse(failed.getMessage().contains("s3cr3t"), failed.getMessage());
    assertFalse(Files.exists(directory.resolve("started")));
  }

  @Test
  void aVariableThatGoesRoundTheListOfProgramsIsRefusedAlsoFromAFile() throws Exception {
    Path file = Files.writeString(directory.resolve(".env"), "LD_PRELOAD=/tmp/evil.so\n");
    StartProcess.Input input = input(List.of("sh", "-c", "touch started"), null, null, file);

    ActionException refused =
        assertThrows(ActionException.class, () -> new StartProcess().run(input, context));
    assertEquals(ActionException.Kind.NOT_ALLOWED, refused.kind());
    assertFalse(Files.exists(directory.resolve("started")));
    assertEquals(
        Preview.Kind.PROBLEM, new StartProcess().preview(input, context).details().get(1).kind());
  }

  private StartProcess.Input input(
      List<String> command,
      @Nullable Path pidFile,
      @Nullable Integer port,
      @Nullable Path envFile) {
    return new StartProcess.Input(
        command,
        directory,
        Map.of("TOKEN", new TextOrSecret("secret:TOKEN")),
        envFile,
        null,
        pidFile,
        port,
        Duration.ofSeconds(2),
        Duration.ofMillis(500));
  }

  private static String listener(int port) {
    return Path.of(System.getProperty("java.home"), "bin", "java")
        + " -Xmx32m -cp '"
        + System.getProperty("java.class.path")
        + "' "
        + Listener.class.getName()
        + " "
        + port;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static ServerSocket listen(int port) {
    try {
      return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void create(Path file) {
    try {
      Files.writeString(file, "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
                    null,
                    port,
                    Duration.ofSeconds(20),
                    Duration.ofMillis(500)),
                context);
    started.add(output.pid());
    return output;
  }
}
