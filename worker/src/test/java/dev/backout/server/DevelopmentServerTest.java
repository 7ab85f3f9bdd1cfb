package dev.backout.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.archive.RunSummary;
import dev.backout.client.BackoutClient;
import dev.backout.client.GateOnly;
import dev.backout.config.Flags;
import dev.backout.config.Settings;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.RunState;
import dev.backout.launch.OwnJava;
import dev.backout.testing.RequiresProgram;
import dev.backout.workflow.Decision;
import dev.backout.workflow.RunbookWorkflow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Temporal's real development server as the background server. */
@RequiresProgram("temporal")
class DevelopmentServerTest {
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
                "development",
                "BACKOUT_JAVA_OPTS",
                OwnJava.BRIEF));
    server = new BackgroundServer(settings);
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void aRunGoesOnAfterTheBackgroundProcessWasKilledAndItsOrphanIsEnded() throws Exception {
    RunSummary started;
    ServerRecord first = server.ensure();
    assertEquals(ServerRecord.Kind.DEVELOPMENT, first.kind());
    try (BackoutClient client = BackoutClient.open(settings)) {
      started = client.start(GateOnly.request("orders"));
      awaitTheGate(client, started);
    }
    ProcessIdentity orphan = DevelopmentServer.Mark.read(settings.state()).orElseThrow().process();
    ProcessHandle process = first.process().alive().orElseThrow();
    process.destroyForcibly();
    process.onExit().get();
    assertTrue(orphan.alive().isPresent(), "the child outlives its parent");

    assertNotEquals(first.instance(), server.ensure().instance());
    assertTrue(orphan.alive().isEmpty(), "one server has the database open");
    try (BackoutClient client = BackoutClient.open(settings)) {
      RunSummary again = client.resolveRun("orders");
      assertEquals(started.runId(), again.runId());
      awaitTheGate(client, again);
      client
          .stub(again)
          .update(
              RunbookWorkflow.DECIDE,
              RunStatus.class,
              new Decision("1", "gate", "approve", "grace", null, Instant.now(), null));
      for (int i = 0; i < 600 && !client.resolveRun("orders").state().isFinal(); i++) {
        Thread.sleep(100);
      }
      assertEquals(RunState.SUCCEEDED, client.resolveRun("orders").state());
    }
    server.stop();
    assertTrue(
        DevelopmentServer.Mark.read(settings.state()).orElseThrow().process().alive().isEmpty());
  }

  @Test
  void aDatabaseOfAnotherReleaseIsRefusedWithBothNamed() throws Exception {
    Files.writeString(settings.state().prepare().temporalDatabase(), "");
    new DevelopmentServer.Mark("temporal version 0.1", null).write(settings.state());
    String said = assertThrows(ServerException.class, server::ensure).getMessage();
    assertTrue(said.contains("temporal version 0.1"), said);
    assertTrue(said.contains("does not migrate"), said);
  }

  private static void awaitTheGate(BackoutClient client, RunSummary run) throws Exception {
    for (int i = 0; i < 600; i++) {
      if (!client.stub(run).query(RunbookWorkflow.STATUS, RunStatus.class).waiting().isEmpty()) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the run never came to its gate");
  }
}
