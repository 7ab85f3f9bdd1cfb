package dev.backout.client;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.config.Flags;
import dev.backout.config.Settings;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerOutOfReachTest {
  @TempDir Path home;

  @Test
  void aPortThatNobodyListensOnIsNamedWithWhereItWasConfigured() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    String said = refusal("127.0.0.1:" + port);
    assertTrue(said.contains("127.0.0.1:" + port + " (from TEMPORAL_ADDRESS)"), said);
    assertTrue(said.contains("Connection refused"), said);
  }

  @Test
  void aHostThatDoesNotExistIsNamed() {
    String said = refusal("no-such-host.invalid:7233");
    assertTrue(said.contains("unknown host: no-such-host.invalid"), said);
  }

  @Test
  void anAddressWithoutAPortNumberSaysWhatAnAddressIs() {
    assertTrue(refusal("127.0.0.1:http").contains("HOST:PORT"));
  }

  @Test
  void whatTakesConnectionsAndNeverAnswersIsGivenUpAfterTwoSeconds() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      String said = refusal("127.0.0.1:" + silent.getLocalPort());
      assertTrue(said.contains("gives no answer within 2 s"), said);
      assertTrue(said.contains("TEMPORAL_ADDRESS"), said);
    }
  }

  private String refusal(String address) {
    Settings settings =
        Settings.load(Flags.NONE, Map.of("HOME", home.toString(), "TEMPORAL_ADDRESS", address));
    return assertThrows(ConnectionException.class, () -> BackoutClient.open(settings)).getMessage();
  }
}
