package dev.backout.action.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.backout.action.ActionException;
import dev.backout.action.TextOrSecret;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PingServerTest {
  private static final String PASSWORD = "p@ss/wörd:1";
  private static final String ENCODED = "p%40ss%2Fw%C3%B6rd%3A1";
  private static EmbeddedPostgres server;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedPostgres.builder().start();
    try (Connection connection = server.getPostgresDatabase().getConnection()) {
      connection
          .createStatement()
          .execute("CREATE ROLE \"us er\" LOGIN PASSWORD '" + PASSWORD + "'");
      connection.createStatement().execute("CREATE DATABASE \"the data\"");
    }
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://us%20er:" + ENCODED + "@127.0.0.1:PORT/the%20data",
        "postgres://us%20er:" + ENCODED + "@127.0.0.1:PORT/the%20data?connect_timeout=3",
        "postgresql+asyncpg://us%20er:" + ENCODED + "@127.0.0.1:PORT/postgres?ssl=prefer",
        "jdbc:postgresql://127.0.0.1:PORT/postgres?user=us%20er&password=" + ENCODED,
        "postgresql://postgres@127.0.0.1:PORT"
      })
  void aServerAnswersHoweverItsUrlIsWritten(String url) throws Exception {
    PingServer.Output output = ping(url);

    assertTrue(output.reachable(), String.valueOf(output.error()));
    assertTrue(notNull(output.version()).matches("[0-9]+\\.[0-9].*"), output.version());
    assertEquals(false, output.standby());
    assertNull(output.error());
    assertTrue(output.latency().compareTo(Duration.ZERO) > 0);
  }

  @Test
  void aStoppedServerIsUnreachableAndThatIsTheResult() throws Exception {
    int port;
    try (EmbeddedPostgres other = EmbeddedPostgres.builder().start()) {
      port = other.getPort();
      assertTrue(ping("postgresql://postgres@127.0.0.1:" + port + "/postgres").reachable());
    }

    PingServer.Output output =
        ping("postgresql://postgres:" + ENCODED + "@127.0.0.1:" + port + "/postgres");

    assertFalse(output.reachable());
    assertEquals("08001", output.sqlState());
    assertTrue(notNull(output.error()).contains("refused"), output.error());
  }

  @Test
  void aDatabaseThatIsMissingIsAnErrorOfTheServer() throws Exception {
    PingServer.Output output = ping("postgresql://postgres@127.0.0.1:PORT/nothing");

    assertFalse(output.reachable());
    assertEquals("3D000", output.sqlState());
  }

  @Test
  void somethingThatAcceptsAndNeverAnswersIsGivenUp() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      PingServer.Output output =
          new PingServer()
              .run(
                  new PingServer.Input(
                      new TextOrSecret("postgresql://x:y@127.0.0.1:" + mute.getLocalPort() + "/z"),
                      Duration.ofMillis(200)),
                  new PlainContext());

      assertFalse(output.reachable());
      assertNotNull(output.error());
    }
  }

  /**
   * A real server, behind what passes the login on and from then on lets a byte through at times.
   */
  @Test
  void aServerThatDripsAfterTheLoginIsGivenUp() throws Exception {
    try (ServerSocket front = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread proxy = new Thread(() -> drip(front), "dripping proxy");
      proxy.setDaemon(true);
      proxy.start();

      PingServer.Output output =
          new PingServer()
              .run(
                  new PingServer.Input(
                      new TextOrSecret("postgresql://postgres@127.0.0.1:" + front.getLocalPort()),
                      Duration.ofSeconds(2)),
                  new PlainContext());

      assertFalse(output.reachable());
      assertTrue(
          String.valueOf(output.error()).startsWith("no answer within 2s: "), output.toString());
    }
  }

  private static void drip(ServerSocket front) {
    try (Socket client = front.accept();
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
      Thread questions =
          new Thread(
              () -> {
                try {
                  client.getInputStream().transferTo(behind.getOutputStream());
                } catch (IOException e) {
                  // the client has gone
                }
              },
              "questions");
      questions.setDaemon(true);
      questions.start();
      byte[] answer = new byte[65_536];
      String ready = "Z\0\0\0\5I";
      for (String said = ""; !said.endsWith(ready); ) {
        int count = behind.getInputStream().read(answer);
        said = new String(answer, 0, Math.max(0, count), StandardCharsets.ISO_8859_1);
        client.getOutputStream().write(answer, 0, count);
      }
      // A notice of a mebibyte, of which one byte comes at a time.
      client.getOutputStream().write(new byte[] {'N', 0, 16, 0, 0});
      while (true) {
        client.getOutputStream().write('S');
        Thread.sleep(50);
      }
    } catch (IOException | InterruptedException e) {
      // the client has gone
    }
  }

  @Test
  void theUrlMayBeASecretAndItsPasswordShowsUpNowhere() throws Exception {
    String url = "postgresql://us%20er:" + ENCODED + "@127.0.0.1:" + server.getPort() + "/nothing";

    PingServer.Output output =
        new PingServer()
            .run(
                new PingServer.Input(
                    new TextOrSecret("secret:DATABASE_URL"), Duration.ofSeconds(5)),
                new PlainContext().secret("DATABASE_URL", url));

    assertFalse(output.toString().contains(PASSWORD), output.toString());
    assertFalse(output.toString().contains(ENCODED), output.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://user:hunter2@host/db",
        "hunter2",
        "postgresql://user:hunter2%@host/db",
        "postgresql://user:hunter2@/db?host=/var/run/postgresql"
      })
  void aWrongUrlIsRefusedWithoutRepeatingIt(String url) {
    ActionException refusal = assertThrows(ActionException.class, () -> ping(url));

    assertEquals(ActionException.Kind.INVALID_INPUT, refusal.kind());
    assertFalse(refusal.getMessage().contains("hunter2"), refusal.getMessage());
  }

  @Test
  void previewAsksToo() throws Exception {
    var preview =
        new PingServer()
            .preview(
                new PingServer.Input(
                    new TextOrSecret("postgresql://postgres@127.0.0.1:" + server.getPort()),
                    Duration.ofSeconds(5)),
                new PlainContext());

    assertTrue(preview.summary().startsWith("PostgreSQL 1"), preview.summary());
    assertFalse(preview.changes());
  }

  @Test
  void byNameItNeedsAUrlOnly() throws Exception {
    var output =
        Catalog.run(
            "postgres.ping",
            "{'url': 'postgresql://postgres@127.0.0.1:" + server.getPort() + "'}",
            new PlainContext());

    assertTrue(output.get("reachable").asBoolean());
  }

  private static PingServer.Output ping(String url) throws Exception {
    return new PingServer()
        .run(
            new PingServer.Input(
                new TextOrSecret(url.replace("PORT", Integer.toString(server.getPort()))),
                Duration.ofSeconds(5)),
            new PlainContext());
  }

  private static String notNull(@org.jspecify.annotations.Nullable String value) {
    assertNotNull(value);
    return value;
  }
}
