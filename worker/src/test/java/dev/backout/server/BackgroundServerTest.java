package dev.backout.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.client.BackoutClient;
import dev.backout.config.ConfigurationException;
import dev.backout.config.Flags;
import dev.backout.config.Settings;
import dev.backout.launch.OwnJava;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.ListOpenWorkflowExecutionsRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes. */
class BackgroundServerTest {
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
                "XDG_STATE_HOME",
                home.resolve("state with space").toString(),
                "BACKOUT_SERVER",
                "in-memory",
                "BACKOUT_JAVA_OPTS",
                OwnJava.BRIEF + " -Xlog:gc:file=" + home.resolve("gc.log")));
    server = new BackgroundServer(settings);
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  @Test
  void theFirstUseStartsOneAndTheNextFindsIt() {
    assertTrue(server.running().isEmpty());
    ServerRecord started = server.ensure();
    assertEquals(started, server.ensure());
    assertEquals(ServerRecord.Kind.IN_MEMORY, started.kind());
    try (BackoutClient client = BackoutClient.open(settings)) {
      assertTrue(client.isConnected());
      assertEquals(List.of(), client.runs());
    }
  }

  @Test
  void itIsGivenTheOptionsThatTheLauncherIs() {
    server.ensure();
    assertTrue(Files.exists(home.resolve("gc.log")));
  }

  @Test
  void fourFirstUsesAtOnceStartOne() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<ServerRecord> use = () -> new BackgroundServer(settings).ensure();
      var answers = threads.invokeAll(List.of(use, use, use, use));
      ServerRecord first = answers.get(0).get();
      for (var answer : answers) {
        assertEquals(first, answer.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void stoppingEndsTheProcessAndLeavesNoRecord() {
    ServerRecord started = server.ensure();
    assertEquals(started, server.stop().orElseThrow());
    assertTrue(started.process().alive().isEmpty());
    assertFalse(Files.exists(settings.state().serverFile()));
    assertTrue(server.stop().isEmpty());
  }

  @Test
  void theRecordOfAKilledServerIsKnownToBeStale() throws Exception {
    ServerRecord killed = server.ensure();
    ProcessHandle process = killed.process().alive().orElseThrow();
    process.destroyForcibly();
    process.onExit().get();
    assertTrue(Files.exists(settings.state().serverFile()));
    assertTrue(server.running().isEmpty());
    assertNotEquals(killed.instance(), server.ensure().instance());
  }

  @Test
  void aStrangerWithTheProcessNumberIsNeitherTakenForTheServerNorKilled() throws Exception {
    Process stranger = new ProcessBuilder("sleep", "600").start();
    try {
      settings.state().prepare();
      new ServerRecord(
              "gone",
              ServerRecord.Kind.IN_MEMORY,
              "127.0.0.1:1",
              "key",
              stranger.pid(),
              Instant.now().minusSeconds(86_400),
              "version",
              Instant.now())
          .write(settings.state());
      assertTrue(server.running().isEmpty());
      assertTrue(server.stop().isEmpty());
      assertTrue(stranger.isAlive());
    } finally {
      stranger.destroyForcibly();
    }
  }

  @Test
  void halfAServerJsonMeansThatNothingIsKnownToRun() throws Exception {
    settings.state().prepare();
    Files.writeString(settings.state().serverFile(), "{\"instance\": \"ab");
    assertTrue(server.running().isEmpty());
    assertEquals(server.ensure(), server.running().orElseThrow());
  }

  @Test
  void onlyTheOwnerMayReadTheStateAndTheKey() throws Exception {
    server.ensure();
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(settings.state().root())));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(settings.state().serverFile())));
  }

  @Test
  void aCallerWithoutTheKeyIsRefused() {
    ServerRecord record = server.ensure();
    WorkflowServiceStubs stranger =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder().setTarget(record.address()).build());
    try {
      StatusRuntimeException refused =
          assertThrows(
              StatusRuntimeException.class,
              () ->
                  stranger
                      .blockingStub()
                      .listOpenWorkflowExecutions(
                          ListOpenWorkflowExecutionsRequest.newBuilder()
                              .setNamespace("default")
                              .build()));
      assertEquals(Status.Code.UNAUTHENTICATED, refused.getStatus().getCode());
    } finally {
      stranger.shutdownNow();
    }
  }

  @Test
  void itListensOnLoopbackOnly() throws Exception {
    int port = Integer.parseInt(server.ensure().address().replaceFirst(".*:", ""));
    for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : network.inetAddresses().toList()) {
        if (!address.isLoopbackAddress()) {
          assertFalse(listens(address, port), () -> address + " answers");
        }
      }
    }
    assertTrue(listens(InetAddress.getLoopbackAddress(), port));
  }

  @Test
  void aStateDirectoryThatCannotBeWrittenIsSaidPlainly() throws Exception {
    Files.writeString(home.resolve("state with space"), "a file where the directory should be");
    String said = assertThrows(ConfigurationException.class, server::ensure).getMessage();
    assertTrue(said.contains("state with space/backout"), said);
    assertTrue(said.contains("XDG_STATE_HOME"), said);
  }

  private static boolean listens(InetAddress address, int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(address, port), 500);
      return true;
    } catch (java.io.IOException e) {
      return false;
    }
  }
}
