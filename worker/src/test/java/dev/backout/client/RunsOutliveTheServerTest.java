package dev.backout.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.archive.Archive;
import dev.backout.archive.RunSummary;
import dev.backout.archive.RunSummary.Place;
import dev.backout.config.Flags;
import dev.backout.config.Settings;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.launch.OwnJava;
import dev.backout.server.BackgroundServer;
import dev.backout.workflow.Decision;
import dev.backout.workflow.RunbookWorkflow;
import dev.backout.workflow.RunbookWorkflowImpl;
import dev.backout.workflow.TargetHeldException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.WorkflowReplayer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on a real background server that is stopped, or killed with SIGKILL. */
class RunsOutliveTheServerTest {
  @TempDir Path home;
  private Settings settings;
  private BackgroundServer server;

  @BeforeEach
  void settings() {
    OwnJava.useForServers();
    settings =
        Settings.load(
            Flags.NONE,
            Map.of(
                "HOME",
                home.toString(),
                "BACKOUT_SERVER",
                "in-memory",
                "BACKOUT_JAVA_OPTS",
                OwnJava.BRIEF));
    server = new BackgroundServer(settings);
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void aRunThatWasUnderWayWhenItsServerWasKilledIsShownAsInterrupted() throws Exception {
    RunSummary started = startAndWaitAtTheGate("orders");
    awaitArchived(started.runId());
    kill();

    try (BackoutClient offline = BackoutClient.openToRead(settings)) {
      assertFalse(offline.isConnected());
      RunSummary found = offline.resolveRun("@latest");
      assertEquals(started.runId(), found.runId());
      assertEquals(RunState.INTERRUPTED, found.state());
      assertEquals(Place.ARCHIVE, found.place());
      assertEquals("gate-only", found.runbook());
      assertEquals("ada", found.startedBy());
      assertTrue(offline.history(found).getEvents().size() >= 4);
    }

    RunSummary second = startAndWaitAtTheGate("orders");
    try (BackoutClient next = BackoutClient.open(settings)) {
      assertEquals(
          List.of(second.runId() + " RUNNING", started.runId() + " INTERRUPTED"),
          next.runs().stream().map(run -> run.runId() + " " + run.state()).toList());
      assertEquals(second.runId(), next.resolveRun("orders").runId());
      assertEquals(started.runId(), next.resolveRun(started.runId().substring(0, 8)).runId());
    }
  }

  @Test
  void aFinishedRunKeepsItsOutcomeAndAHistoryThatTemporalReplays() throws Exception {
    RunSummary started = startAndWaitAtTheGate("orders");
    try (BackoutClient client = BackoutClient.open(settings)) {
      WorkflowStub run = client.stub(started);
      run.update(
          RunbookWorkflow.DECIDE,
          RunStatus.class,
          new Decision("1", "gate", "approve", "grace", null, Instant.now(), null));
      awaitTrue(() -> client.resolveRun("orders").state() == RunState.SUCCEEDED);
    }
    server.stop();
    try (BackoutClient offline = BackoutClient.openToRead(settings)) {
      RunSummary found = offline.resolveRun("orders");
      assertEquals(RunState.SUCCEEDED, found.state());
      assertTrue(found.finishedAt() != null);
      WorkflowExecutionHistory history = offline.history(found);
      WorkflowReplayer.replayWorkflowExecution(history, RunbookWorkflowImpl.class);
    }
  }

  @Test
  void aSecondRunOfTheTargetIsRefusedNamingTheHolder() throws Exception {
    RunSummary holder = startAndWaitAtTheGate("orders");
    try (BackoutClient client = BackoutClient.open(settings)) {
      String said =
          assertThrows(TargetHeldException.class, () -> client.start(GateOnly.request("orders")))
              .getMessage();
      assertTrue(said.contains("gate-only"), said);
      assertTrue(said.contains(holder.runId()), said);
    }
  }

  @Test
  void readingStartsNoServer() {
    try (BackoutClient client = BackoutClient.openToRead(settings)) {
      assertEquals(List.of(), client.runs());
      String said = assertThrows(ConnectionException.class, client::stubs).getMessage();
      assertTrue(said.contains("backout server start"), said);
    }
    assertTrue(server.running().isEmpty());
  }

  private RunSummary startAndWaitAtTheGate(String target) throws Exception {
    try (BackoutClient client = BackoutClient.open(settings)) {
      RunSummary run = client.start(GateOnly.request(target));
      awaitTrue(
          () ->
              client.stub(run).query(RunbookWorkflow.STATUS, RunStatus.class).state()
                  == RunState.WAITING);
      return run;
    }
  }

  private void awaitArchived(String runId) throws InterruptedException {
    Archive archive = new Archive(settings.state().archive());
    awaitTrue(() -> archive.entry(runId).filter(entry -> entry.run().events() >= 4).isPresent());
  }

  private void kill() throws Exception {
    ProcessHandle process = ProcessHandle.of(server.running().orElseThrow().pid()).orElseThrow();
    process.destroyForcibly();
    process.onExit().get();
  }

  private static void awaitTrue(BooleanSupplier condition) throws InterruptedException {
    for (int i = 0; i < 1_200 && !condition.getAsBoolean(); i++) {
      Thread.sleep(50);
    }
    assertTrue(condition.getAsBoolean());
  }
}
