package dev.backout.action.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.backout.action.ActionContext.CancelledException;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ByteSize;
import dev.backout.action.Preview;
import dev.backout.action.TextOrSecret;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CheckServiceTest {
  private static final String HEALTH =
      "{\"status\": \"ok\", \"count\": 5, \"share\": 5.0, \"error\": null, \"list\": [1, 2]}";

  private final PlainContext context = new PlainContext();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;
  private String base;

  private interface Reply {
    void to(HttpExchange exchange) throws IOException, InterruptedException;
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    base = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    threads.shutdownNow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "json.status == 'ok'",
        "json.count >= 5 && json.share == 5",
        "json.error == null",
        "json.list.all(n, n > 0)",
        "status == 200 && text.contains('status')",
        "headers['content-type'].startsWith('application/json')",
        "latency < duration('60s')"
      })
  void anAnswerAsExpectedPasses(String expectation) throws Exception {
    serve("/health", exchange -> answer(exchange, 200, HEALTH));

    CheckService.Output output = check("/health", expectation);

    assertEquals(200, output.status());
    assertEquals(1, output.attempts());
    assertEquals(HEALTH, output.text());
  }

  @Test
  void twoHundredWithTheWrongBodyFailsAndShowsTheBody() {
    serve("/health", exchange -> answer(exchange, 200, "{\"status\": \"degraded\"}"));

    ActionException failure = failure(() -> check("/health", "json.status == 'ok'"));

    assertEquals(Kind.PERMANENT, failure.kind());
    assertTrue(failure.getMessage().contains("`json.status == 'ok'`, which is false"));
    assertTrue(failure.getMessage().contains("{\"status\": \"degraded\"}"), failure.getMessage());
  }

  @Test
  void aFieldThatIsMissingFailsNamingIt() {
    serve("/health", exchange -> answer(exchange, 200, "{\"state\": \"ok\"}"));

    String message = failure(() -> check("/health", "json.status == 'ok'")).getMessage();

    assertTrue(message.contains("status"), message);
    assertTrue(message.contains("can't be said"), message);
  }

  @Test
  void aBodyThatIsNotJsonIsSaidToBeSo() {
    serve("/health", exchange -> answer(exchange, 200, "<html>It works!</html>"));

    String message = failure(() -> check("/health", "json.status == 'ok'")).getMessage();

    assertTrue(message.contains("the body is not JSON"), message);
  }

  @Test
  void anotherStatusFails() {
    serve("/health", exchange -> answer(exchange, 503, "starting"));

    ActionException failure = failure(() -> check("/health"));

    assertEquals(Kind.TRANSIENT, failure.kind());
    assertTrue(
        failure.getMessage().contains("expected status 200, found 503"), failure.getMessage());
    assertTrue(failure.getMessage().contains("starting"));
  }

  @Test
  void aServiceThatComesUpWithinItsTimePasses() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    serve("/health", exchange -> answer(exchange, asked.incrementAndGet() < 3 ? 503 : 200, HEALTH));

    CheckService.Output output =
        run(
            new Inputs(base + "/health")
                .within(Duration.ofSeconds(60), Duration.ofMillis(5))
                .build());

    assertEquals(3, output.attempts());
  }

  @Test
  void aServiceThatNeverComesUpFailsWhenItsTimeIsUp() {
    serve("/health", exchange -> answer(exchange, 503, "starting"));

    ActionException failure =
        failure(
            () ->
                run(
                    new Inputs(base + "/health")
                        .within(Duration.ofSeconds(1), Duration.ofMillis(5))
                        .build()));

    assertEquals(Kind.PERMANENT, failure.kind());
    assertTrue(failure.getMessage().contains("times"), failure.getMessage());
  }

  @Test
  void aRefusedConnectionIsSaidToBeSo() throws Exception {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = closed.getLocalPort();
    }

    ActionException failure =
        failure(() -> run(new Inputs("http://127.0.0.1:" + port + "/").build()));

    assertEquals(Kind.TRANSIENT, failure.kind());
    assertTrue(failure.getMessage().contains("refused the connection"), failure.getMessage());
  }

  @Test
  void aPortThatAcceptsAndNeverAnswersIsGivenUpEachTime() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      ActionException failure =
          failure(
              () ->
                  run(
                      new Inputs("http://127.0.0.1:" + mute.getLocalPort() + "/")
                          .timeout(Duration.ofMillis(200))
                          .within(Duration.ofSeconds(2), Duration.ofMillis(50))
                          .build()));

      assertTrue(
          failure.getMessage().contains("no whole answer within 200 ms; asked "),
          failure.getMessage());
    }
  }

  @Test
  void aTimeoutOfNothingIsRefused() {
    ActionException failure =
        failure(() -> run(new Inputs(base + "/health").timeout(Duration.ZERO).build()));
    assertEquals(Kind.INVALID_INPUT, failure.kind());
    assertTrue(failure.getMessage().contains("timeout must be longer"), failure.getMessage());
  }

  @Test
  void anAnswerThatNeverEndsIsGivenUp() {
    CountDownLatch never = new CountDownLatch(1);
    serve(
        "/drip",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write('a');
          exchange.getResponseBody().flush();
          never.await();
        });

    String message =
        failure(() -> run(new Inputs(base + "/drip").timeout(Duration.ofMillis(300)).build()))
            .getMessage();

    assertTrue(message.contains("no whole answer within 300 ms"), message);
  }

  @Test
  void anAnswerThatIsTooSlowFails() {
    serve(
        "/slow",
        exchange -> {
          Thread.sleep(60);
          answer(exchange, 200, HEALTH);
        });

    String message =
        failure(() -> run(new Inputs(base + "/slow").maxLatency(Duration.ofMillis(50)).build()))
            .getMessage();

    assertTrue(message.contains("expected an answer within 50 ms"), message);
  }

  @Test
  void aRedirectIsAnAnswerUnlessItIsToBeFollowed() throws Exception {
    serve("/old", exchange -> redirect(exchange, base + "/new"));
    serve("/new", exchange -> answer(exchange, 200, HEALTH));

    String message = failure(() -> check("/old")).getMessage();
    assertTrue(message.contains("found 302 to " + base + "/new"), message);

    assertEquals(200, run(new Inputs(base + "/old").following().build()).status());
  }

  @Test
  void redirectsInACircleEnd() {
    serve("/circle", exchange -> redirect(exchange, base + "/circle"));

    String message =
        failure(() -> run(new Inputs(base + "/circle").following().build())).getMessage();

    assertTrue(message.contains("redirected more than"), message);
  }

  @Test
  void aSecretHeaderIsSentButNeverToAnotherServerNorShown() throws Exception {
    context.secret("TOKEN", "Bearer t0p-s3cret");
    serve(
        "/echo",
        exchange ->
            answer(exchange, 200, "got " + exchange.getRequestHeaders().getFirst("Authorization")));
    String elsewhere = base.replace("127.0.0.1", "localhost");
    serve("/away", exchange -> redirect(exchange, elsewhere + "/echo"));
    Map<String, TextOrSecret> headers = Map.of("Authorization", new TextOrSecret("secret:TOKEN"));

    assertEquals("got ***", run(new Inputs(base + "/echo").headers(headers).build()).text());
    assertEquals(
        "got null", run(new Inputs(base + "/away").headers(headers).following().build()).text());
    String message =
        failure(
                () ->
                    run(new Inputs(base + "/echo").headers(headers).expect("text == 'x'").build()))
            .getMessage();
    assertTrue(message.contains("got ***"), message);
    assertFalse(message.contains("t0p"), message);
  }

  @Test
  void aHugeBodyIsReadOnlySoFar() throws Exception {
    serve(
        "/huge",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream body = exchange.getResponseBody()) {
            while (true) {
              body.write("x".repeat(1 << 16).getBytes(StandardCharsets.UTF_8));
            }
          }
        });

    CheckService.Output output =
        run(new Inputs(base + "/huge").expect("size(text) == 1048576").build());

    assertEquals(2000, output.text().length());
  }

  @Test
  void headAsksForNoBody() throws Exception {
    serve(
        "/health",
        exchange -> {
          exchange.sendResponseHeaders(exchange.getRequestMethod().equals("HEAD") ? 200 : 400, -1);
          exchange.close();
        });

    assertEquals(200, run(new Inputs(base + "/health").head().build()).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"jsn.status == 'ok'", "json.status ==", "size(text)"})
  void aConditionThatIsNoneIsRefusedBeforeAnythingIsAsked(String expression) {
    ActionException failure = failure(() -> check("/nothing", expression));

    assertEquals(Kind.INVALID_INPUT, failure.kind());
    assertTrue(failure.getMessage().contains(expression), failure.getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://host/", "/health", "http://user:pw@127.0.0.1/"})
  void aUrlThatCannotBeAskedIsRefused(String url) {
    assertEquals(Kind.INVALID_INPUT, failure(() -> run(new Inputs(url).build())).kind());
  }

  @Test
  void cancellingEndsTheWaiting() {
    serve("/health", exchange -> answer(exchange, 503, ""));
    context.cancel();

    assertThrows(
        CancelledException.class,
        () ->
            run(
                new Inputs(base + "/health")
                    .within(Duration.ofSeconds(60), Duration.ofSeconds(1))
                    .build()));
  }

  @Test
  void previewAsksOnceAndSaysWhatIsWrongNow() throws Exception {
    serve("/health", exchange -> answer(exchange, 503, "starting"));

    Preview preview =
        new CheckService()
            .preview(
                new Inputs(base + "/health")
                    .within(Duration.ofHours(1), Duration.ofSeconds(1))
                    .build(),
                context);

    assertEquals(Preview.Kind.PROBLEM, preview.details().get(0).kind());
  }

  @Test
  void byNameItNeedsAUrlOnly() throws Exception {
    serve("/health", exchange -> answer(exchange, 200, HEALTH));

    var output = Catalog.run("http.check", "{'url': '" + base + "/health'}", context);

    assertEquals(200, output.get("status").asInt());
    Catalog.run(
        "http.check",
        "{'url': '"
            + base
            + "/health', 'expect': ['json.count > 4'], 'method': 'get',"
            + " 'headers': {'X-Token': 'secret:TOKEN'}, 'within': '2s'}",
        context.secret("TOKEN", "x"));
  }

  private void serve(String path, Reply reply) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            reply.to(exchange);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static void redirect(HttpExchange exchange, String to) throws IOException {
    exchange.getResponseHeaders().set("Location", to);
    exchange.sendResponseHeaders(302, -1);
  }

  private CheckService.Output check(String path, String... expectations) throws Exception {
    return run(new Inputs(base + path).expect(expectations).build());
  }

  private CheckService.Output run(CheckService.Input input) throws Exception {
    return new CheckService().run(input, context);
  }

  private static ActionException failure(org.junit.jupiter.api.function.Executable executable) {
    return assertThrows(ActionException.class, executable);
  }

  /** An input with the defaults of the catalog. */
  private static final class Inputs {
    private final String url;
    private CheckService.Method method = CheckService.Method.GET;
    private Map<String, TextOrSecret> headers = Map.of();
    private List<String> expect = List.of();
    private @Nullable Duration maxLatency;
    private Duration timeout = Duration.ofSeconds(5);
    private @Nullable Duration within;
    private Duration interval = Duration.ofSeconds(1);
    private boolean followRedirects;

    Inputs(String url) {
      this.url = url;
    }

    Inputs head() {
      method = CheckService.Method.HEAD;
      return this;
    }

    Inputs headers(Map<String, TextOrSecret> headers) {
      this.headers = headers;
      return this;
    }

    Inputs expect(String... expressions) {
      this.expect = List.of(expressions);
      return this;
    }

    Inputs maxLatency(Duration maxLatency) {
      this.maxLatency = maxLatency;
      return this;
    }

    Inputs timeout(Duration timeout) {
      this.timeout = timeout;
      return this;
    }

    Inputs within(Duration within, Duration interval) {
      this.within = within;
      this.interval = interval;
      return this;
    }

    Inputs following() {
      followRedirects = true;
      return this;
    }

    CheckService.Input build() {
      return new CheckService.Input(
          URI.create(url),
          method,
          headers,
          200,
          expect,
          maxLatency,
          timeout,
          within,
          interval,
          followRedirects,
          new ByteSize(1 << 20));
    }
  }
}
