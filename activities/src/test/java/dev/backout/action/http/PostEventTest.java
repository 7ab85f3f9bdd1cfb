package dev.backout.action.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.SecretStore;
import dev.backout.action.StepCall;
import dev.backout.action.TextOrSecret;
import dev.backout.action.WorkerContext;
import dev.backout.action.WorkerLimits;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PostEventTest {
  private static final String TOKEN = "Bearer s3cr3t-t0ken";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<String> bodies = new ArrayList<>();
  private final List<String> types = new ArrayList<>();
  private final List<String> authorizations = new ArrayList<>();
  private HttpServer server;

  private interface Reply {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpServer of, Reply reply) {
    of.createContext(
        "/",
        exchange -> {
          try (exchange) {
            synchronized (bodies) {
              bodies.add(
                  new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
              types.add(exchange.getRequestHeaders().getFirst("Content-Type"));
              authorizations.add(
                  String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            }
            reply.to(exchange);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
  }

  private PostEvent.Output post(String url, Duration timeout, String event) throws Exception {
    JsonNode json = new ObjectMapper().readTree(event);
    SecretStore secrets =
        new SecretStore(Map.of(), directory, Map.of("HOOK", TOKEN, "ADDRESS", url()), List.of());
    try (WorkerContext context =
        new WorkerContext(
            new StepCall("run", "book", "shop", "notifications.oncall", 1),
            secrets,
            new WorkerLimits(List.of(directory), List.of(), directory),
            progress -> {})) {
      return new PostEvent()
          .run(
              new PostEvent.Input(
                  new TextOrSecret(url),
                  Map.of("Authorization", new TextOrSecret("secret:HOOK")),
                  timeout,
                  json),
              context);
    }
  }

  private ActionException failure(String url, Duration timeout) {
    return assertThrows(ActionException.class, () -> post(url, timeout, "{}"));
  }

  @Test
  void theEventIsSentAsItIsWithTheSecretInTheHeader() throws Exception {
    serve(server, exchange -> answer(exchange, 204, ""));

    assertEquals(204, post(url(), PATIENCE, "{\"id\": \"run/1\"}").status());

    assertEquals(List.of("{\"id\":\"run/1\"}"), bodies);
    assertEquals(List.of("application/cloudevents+json; charset=utf-8"), types);
    assertEquals(List.of(TOKEN), authorizations);
  }

  @Test
  void noSecretGoesOutInTheEventWhoeverHasPutItThere() throws Exception {
    serve(server, exchange -> answer(exchange, 200, "ok"));

    var unused = post(url(), PATIENCE, "{\"failure\": \"login with " + TOKEN + " refused\"}");

    assertEquals(List.of("{\"failure\":\"login with *** refused\"}"), bodies);
  }

  @Test
  void theAddressItselfCanBeASecretAndNoErrorShowsIt() throws Exception {
    serve(server, exchange -> answer(exchange, 404, "nothing at " + url()));

    ActionException failure = failure("secret:ADDRESS", PATIENCE);

    assertEquals("The receiver answered 404: nothing at ***", failure.getMessage());
  }

  @Test
  void aReceiverThatIsDownMayBeUpLater() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    ActionException failure = failure("http://127.0.0.1:" + free, PATIENCE);

    assertEquals(Kind.TRANSIENT, failure.kind());
    assertEquals("The receiver refused the connection.", failure.getMessage());
  }

  @Test
  void aReceiverThatNeverAnswersIsGivenUpAndMayAnswerLater() {
    CountDownLatch never = new CountDownLatch(1);
    serve(server, exchange -> never.await());

    ActionException failure = failure(url(), Duration.ofMillis(300));

    assertEquals(Kind.TRANSIENT, failure.kind());
    assertEquals("The receiver gave no whole answer within 300 ms.", failure.getMessage());
    never.countDown();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 425, 429, 500, 502, 503})
  void aReceiverThatCantNowIsTriedAgain(int status) {
    serve(server, exchange -> answer(exchange, status, "later"));

    ActionException failure = failure(url(), PATIENCE);

    assertEquals(Kind.TRANSIENT, failure.kind());
    assertEquals("The receiver answered " + status + ": later", failure.getMessage());
    assertEquals(Optional.empty(), failure.retryAfter());
  }

  @Test
  void howLongItWantsToBeLeftAloneIsHeeded() {
    serve(
        server,
        exchange -> {
          exchange.getResponseHeaders().set("Retry-After", "42");
          answer(exchange, 429, "");
        });

    assertEquals(Optional.of(Duration.ofSeconds(42)), failure(url(), PATIENCE).retryAfter());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 410})
  void aReceiverThatWillNotIsNotTriedAgain(int status) {
    serve(server, exchange -> answer(exchange, status, ""));

    ActionException failure = failure(url(), PATIENCE);

    assertEquals(Kind.PERMANENT, failure.kind());
    assertEquals("The receiver answered " + status + ".", failure.getMessage());
  }

  @Test
  void aRedirectIsNotFollowedWithAnEventInTheHand() {
    serve(
        server,
        exchange -> {
          exchange.getResponseHeaders().set("Location", url() + "/elsewhere");
          answer(exchange, 307, "");
        });

    ActionException failure = failure(url(), PATIENCE);

    assertEquals(Kind.PERMANENT, failure.kind());
    assertEquals(1, bodies.size());
  }

  @Test
  void aCertificateThatNobodyVouchesForEndsItBeforeAnythingIsSent() throws Exception {
    HttpsServer tls =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    tls.setHttpsConfigurator(new HttpsConfigurator(selfSigned()));
    tls.setExecutor(threads);
    serve(tls, exchange -> answer(exchange, 200, "ok"));
    tls.start();
    try {
      ActionException failure =
          failure("https://127.0.0.1:" + tls.getAddress().getPort() + "/hook", PATIENCE);

      assertEquals(Kind.PERMANENT, failure.kind());
      assertTrue(failure.getMessage().contains("trust"), failure.getMessage());
      assertEquals(List.of(), bodies);
    } finally {
      tls.stop(0);
    }
  }

  @Test
  void whatIsNoAddressIsNotShownSinceItMayBeASecret() {
    ActionException failure = failure("hunter2-hunter2", PATIENCE);

    assertEquals(Kind.INVALID_INPUT, failure.kind());
    assertFalse(failure.getMessage().contains("hunter2"), failure.getMessage());
  }

  private SSLContext selfSigned() throws Exception {
    Path store = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "self",
                "-keyalg",
                "EC",
                "-dname",
                "CN=127.0.0.1",
                "-ext",
                "SAN=IP:127.0.0.1",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                "password")
            .inheritIO()
            .start();
    assertEquals(0, keytool.waitFor());
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store)) {
      keys.load(file, "password".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "password".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }
}
