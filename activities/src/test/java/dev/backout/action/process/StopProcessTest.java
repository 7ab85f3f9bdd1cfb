package dev.backout.action.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.action.Preview;
import dev.backout.testing.PlainContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StopProcessTest {
  @TempDir private Path directory;
  private final List<Process> started = new ArrayList<>();
  private final PlainContext context = new PlainContext();

  @AfterEach
  void endWhatIsLeft() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void aProcessIsStoppedByItsPidFileAndIsThenGone() throws Exception {
    Process sleeper = start("sleep", "1000");
    Path pidFile = Files.writeString(directory.resolve("pid"), sleeper.pid() + "\n");

    StopProcess.Output output = stop(pidFile, null, null, null, 1);

    assertEquals(
        List.of(new StopProcess.Stopped(sleeper.pid(), "sleep 1000", false)), output.stopped());
    assertTrue(ProcessTable.find(sleeper.pid()).isEmpty());
  }

  @Test
  void stoppingWhatDoesNotRunIsASuccessThatSaysSo() throws Exception {
    assertEquals(List.of(), stop(directory.resolve("pid"), null, null, null, 1).stopped());
    Path stale = Files.writeString(directory.resolve("pid"), "4194304");
    assertEquals(List.of(), stop(stale, null, null, null, 1).stopped());
  }

  @Test
  void aServiceThatIgnoresTermIsKilled() throws Exception {
    Process deaf = start("sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.05; done");
    assertEquals('r', deaf.getInputStream().read());

    StopProcess.Output output =
        new StopProcess()
            .run(
                new StopProcess.Input(
                    pidFileOf(deaf), null, null, null, Duration.ofMillis(200), 1, false),
                context);

    assertTrue(output.stopped().get(0).killed());
    assertFalse(deaf.isAlive());
  }

  @Test
  void theServiceOnAPortIsStoppedAndThePortIsFreeAfterwards() throws Exception {
    try (Listener listener = Listener.start(directory)) {
      StopProcess.Output output = stop(null, listener.port(), null, directory.toRealPath(), 1);

      assertEquals(listener.pid(), output.stopped().get(0).pid());
      assertFalse(ProcessTable.isListening(listener.port()));
    }
  }

  @Test
  void aStrangerOnThePortIsNamedAndLeftAlone() throws Exception {
    try (Listener listener = Listener.start(directory)) {
      ActionException refused =
          assertThrows(
              ActionException.class,
              () -> stop(null, listener.port(), List.of("harvest", "api"), null, 1));

      assertTrue(refused.getMessage().contains("stranger"), refused.getMessage());
      assertTrue(refused.getMessage().contains("process " + listener.pid()), refused.getMessage());
      assertTrue(ProcessTable.isListening(listener.port()));
    }
  }

  @Test
  void moreProcessesThanWereExpectedAreNamedAndLeftAlone() throws Exception {
    Process one = start("sleep", "1001");
    Process other = start("sleep", "1001");

    ActionException refused =
        assertThrows(
            ActionException.class,
            () -> stop(null, null, List.of("sleep", "1001"), directory.toRealPath(), 1));

    assertTrue(refused.getMessage().contains("2 processes match"), refused.getMessage());
    assertTrue(one.isAlive() && other.isAlive());
    assertEquals(
        2, stop(null, null, List.of("sleep", "1001"), directory.toRealPath(), 2).stopped().size());
  }

  @Test
  void theWorkerItselfAndItsParentsAreNeverStopped() throws Exception {
    Path own = Files.writeString(directory.resolve("own"), ProcessHandle.current().pid() + "");
    Path first = Files.writeString(directory.resolve("first"), "1");

    assertEquals(
        ActionException.Kind.NOT_ALLOWED,
        assertThrows(ActionException.class, () -> stop(own, null, null, null, 1)).kind());
    assertEquals(
        ActionException.Kind.NOT_ALLOWED,
        assertThrows(ActionException.class, () -> stop(first, null, null, null, 1)).kind());
  }

  @Test
  void aZombieCountsAsGone() throws Exception {
    Process parent = start("sh", "-c", "sleep 0.01 & echo $!; exec sleep 1000");
    long zombie = Long.parseLong(parent.inputReader().readLine());
    while (!Files.readString(Path.of("/proc/" + zombie + "/stat")).contains(") Z ")) {
      Thread.sleep(10);
    }

    assertTrue(ProcessTable.find(zombie).isEmpty());
  }

  @Test
  void aWorkingDirectoryAloneIsTooLittleToGoBy() {
    ActionException refused =
        assertThrows(ActionException.class, () -> stop(null, null, null, directory, 1));
    assertEquals(ActionException.Kind.INVALID_INPUT, refused.kind());
  }

  @Test
  void thePreviewShowsWhatWouldBeStoppedAndStopsNothing() throws Exception {
    Process sleeper = start("sleep", "1002");

    Preview preview =
        new StopProcess()
            .preview(
                new StopProcess.Input(
                    pidFileOf(sleeper), null, null, null, Duration.ofSeconds(1), 1, false),
                context);

    assertTrue(
        preview.summary().contains("Would stop process " + sleeper.pid()), preview.summary());
    assertTrue(preview.details().get(0).lines().get(1).contains("sleep 1002"));
    assertTrue(sleeper.isAlive());
  }

  @Test
  void descendantsAreShownAndStoppedOnlyIfThatIsAskedFor() throws Exception {
    Process parent = start("sh", "-c", "(sleep 1010; :) & sleep 1011 & wait");
    List<ProcessHandle> descendants = parent.descendants().toList();
    for (int i = 0; i < 1000 && descendants.size() < 3; i++) {
      Thread.sleep(10);
      descendants = parent.descendants().toList();
    }
    assertEquals(3, descendants.size(), "the subshell and two sleeps");

    Preview preview = new StopProcess().preview(withDescendants(pidFileOf(parent)), context);
    assertEquals("Their descendants", preview.details().get(1).title());
    for (ProcessHandle descendant : descendants) {
      assertTrue(
          preview.details().get(1).lines().stream()
              .anyMatch(line -> line.startsWith(descendant.pid() + "\t")),
          preview.toString());
      assertTrue(descendant.isAlive());
    }

    StopProcess.Output output = new StopProcess().run(withDescendants(pidFileOf(parent)), context);
    assertEquals(1 + descendants.size(), output.stopped().size(), output.toString());
    for (ProcessHandle descendant : descendants) {
      assertTrue(ProcessTable.find(descendant.pid()).isEmpty());
    }
  }

  @Test
  void withoutThatOptionAChildGoesOn() throws Exception {
    Process parent = start("sh", "-c", "sleep 1012 & echo $!; wait");
    long child = Long.parseLong(parent.inputReader().readLine());

    stop(pidFileOf(parent), null, null, null, 1);

    assertTrue(ProcessTable.find(child).isPresent());
    ProcessHandle.of(child).ifPresent(ProcessHandle::destroyForcibly);
  }

  @Test
  void whatADeafProcessHasStartedMeanwhileIsStoppedToo() throws Exception {
    Process deaf =
        start(
            "sh",
            "-c",
            "trap 'sleep 1013 & echo $!' TERM; echo ready; while :; do sleep 0.05; done");
    assertEquals("ready", deaf.inputReader().readLine());

    StopProcess.Output output =
        new StopProcess()
            .run(
                new StopProcess.Input(
                    pidFileOf(deaf), null, null, null, Duration.ofMillis(500), 1, true),
                context);

    assertTrue(
        output.stopped().stream().anyMatch(stopped -> stopped.commandLine().equals("sleep 1013")),
        output.toString());
    assertTrue(ProcessTable.all().stream().noneMatch(p -> p.commandLine().equals("sleep 1013")));
  }

  private static StopProcess.Input withDescendants(Path pidFile) {
    return new StopProcess.Input(pidFile, null, null, null, Duration.ofSeconds(5), 1, true);
  }

  private StopProcess.Output stop(
      @Nullable Path pidFile,
      @Nullable Integer port,
      @Nullable List<String> command,
      @Nullable Path workingDirectory,
      int max)
      throws Exception {
    return new StopProcess()
        .run(
            new StopProcess.Input(
                pidFile, port, command, workingDirectory, Duration.ofSeconds(5), max, false),
            context);
  }

  private Path pidFileOf(Process process) throws IOException {
    return Files.writeString(directory.resolve("pid"), process.pid() + "\n");
  }

  private Process start(String... command) throws IOException {
    Process process = new ProcessBuilder(command).directory(directory.toFile()).start();
    started.add(process);
    return process;
  }
}
