package dev.backout.action.prometheus;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.Monitoring;
import dev.backout.testing.PlainContext;
import dev.backout.testing.RequiresMonitoring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresMonitoring
final class QueryMetricsTest {
  private static final String RATE = "sum(rate(shop_requests_total[5m]))";
  private static final String P99 =
      "histogram_quantile(0.99, sum by (le) (rate(shop_latency_seconds_bucket[5m])))";

  private Monitoring monitoring;

  @BeforeEach
  void meet(Monitoring monitoring) {
    this.monitoring = monitoring;
  }

  @Test
  void aCountersRateIsComparedWithLastWeek() throws Exception {
    JsonNode found = ask(RATE, "baseline", "{'ago': '7d'}");

    assertEquals(3, found.path("value").asDouble(), 0.05);
    assertEquals(1, found.path("baseline").asDouble(), 0.05);
    assertEquals(3, found.path("ratio").asDouble(), 0.2);
    assertEquals(0, found.path("warnings").size());
  }

  @Test
  void aCounterThatBeganAnewCountsOn() throws Exception {
    JsonNode found =
        query(monitoring.prometheus(), "sum(increase(shop_requests_total[20m]))", "", "");

    assertEquals(3600, found.path("value").asDouble(), 100);
  }

  @Test
  void aHistogramTellsTheLatencyNowAndAtATimeBeforeTheIncident() throws Exception {
    String before = monitoring.now().minus(Duration.ofDays(7)).toString();

    JsonNode found = ask(P99, "baseline", "{'at': '" + before + "'}");

    assertTrue(found.path("value").asDouble() > 0.4, found::toString);
    assertTrue(found.path("baseline").asDouble() < 0.1, found::toString);
    assertTrue(found.path("ratio").asDouble() > 1.2, found::toString);
  }

  @Test
  void overATimeTheAverageAndTheExtremesCount() throws Exception {
    JsonNode found = ask("shop_queue", "over", "'1h'");

    assertEquals(20, found.path("value").asDouble(), 1);
    assertEquals(0, found.path("least").asDouble(), 0.5);
    assertEquals(40, found.path("greatest").asDouble(), 0.5);
  }

  @Test
  void severalSeriesAreRefusedUnlessTheyAreWanted() throws Exception {
    ActionException failure = failure("shop_shard");
    assertEquals(Kind.INVALID_INPUT, failure.kind());
    assertTrue(failure.getMessage().contains("gives 2 series"), failure.getMessage());
    assertTrue(failure.getMessage().contains("shard=a"), failure.getMessage());

    JsonNode found = ask("shop_shard", "many", "true");

    assertEquals(2, found.path("series").size());
    assertEquals("a", found.path("series").path(0).path("labels").path("shard").asText());
    assertEquals(1, found.path("value").asDouble());
  }

  @Test
  void withoutDataNobodyKnows() {
    ActionException failure = failure("shop_orders_total");

    assertEquals(Kind.UNKNOWN_OUTCOME, failure.kind());
    assertTrue(failure.getMessage().contains("gives no series at "), failure.getMessage());
    assertTrue(failure.getMessage().contains("or vector(0)"), failure.getMessage());
  }

  @Test
  void withoutDataOfTheTimeBeforeNobodyKnowsEither() {
    ActionException failure =
        assertThrows(ActionException.class, () -> ask(RATE, "baseline", "{'ago': '3d'}"));

    assertEquals(Kind.UNKNOWN_OUTCOME, failure.kind());
    assertTrue(failure.getMessage().contains("the time of `baseline`"), failure.getMessage());
  }

  @Test
  void aDivisionByZeroIsNoNumber() {
    ActionException failure = failure("vector(0) / vector(0)");

    assertEquals(Kind.UNKNOWN_OUTCOME, failure.kind());
    assertTrue(failure.getMessage().contains("gives NaN"), failure.getMessage());
  }

  @Test
  void zeroAgainstZeroIsAsBeforeAndAnythingAgainstZeroIsNotSaid() throws Exception {
    JsonNode zeros = ask("vector(0)", "baseline", "{'ago': '7d'}");
    assertEquals(1, zeros.path("ratio").asDouble());

    JsonNode some =
        ask(
            "sum(shop_queue) * 0 + (sum(shop_shard) > bool 1) * (time() > bool "
                + monitoring.now().minus(Duration.ofDays(1)).getEpochSecond()
                + ")",
            "baseline",
            "{'ago': '7d'}");
    assertEquals(1, some.path("value").asDouble());
    assertTrue(some.path("ratio").isMissingNode());
  }

  @Test
  void aSampleMayBeTooOld() throws Exception {
    String late = monitoring.now().plus(Duration.ofMinutes(3)).toString();
    JsonNode young = query(monitoring.prometheus(), "shop_queue", "maxAge", "'1m'");
    assertEquals("0s", young.path("age").asText());

    ActionException failure =
        assertThrows(
            ActionException.class,
            () ->
                query(
                    monitoring.prometheus(), "shop_queue", "maxAge", "'1m', 'at': '" + late + "'"));

    assertEquals(Kind.UNKNOWN_OUTCOME, failure.kind());
    assertTrue(failure.getMessage().contains("is 3m old, and may be 1m"), failure.getMessage());
  }

  @Test
  void aQueryThatIsNoneIsNamedInPrometheusOwnWords() {
    ActionException failure = failure("sum(shop_queue");

    assertEquals(Kind.INVALID_INPUT, failure.kind());
    assertTrue(failure.getMessage().contains("unclosed left parenthesis"), failure.getMessage());
  }

  @Test
  void aGuardedPrometheusIsAskedWithTheHeaderAndSaysWhenItDoesNotLetOneIn() throws Exception {
    URI guarded = monitoring.startGuarded();
    ActionException failure =
        assertThrows(
            ActionException.class, () -> query(guarded, "vector(1)", "token", "'secret:T'"));
    assertEquals(Kind.NOT_ALLOWED, failure.kind());
    assertTrue(failure.getMessage().contains("answered 401"), failure.getMessage());
    assertFalse(failure.getMessage().contains("s3cr3t"), failure.getMessage());

    JsonNode found = query(guarded, "vector(1)", "headers", "{'Authorization': 'secret:BASIC'}");

    assertEquals(1, found.path("value").asDouble());
  }

  @Test
  void aPrometheusThatIsNotThereSaysNothingOfTheSystem() throws Exception {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    ActionException failure =
        assertThrows(
            ActionException.class,
            () -> query(URI.create("http://127.0.0.1:" + free), "up", "", ""));

    assertEquals(Kind.UNKNOWN_OUTCOME, failure.kind());
    assertTrue(failure.getMessage().contains("refused the connection"), failure.getMessage());
  }

  @Test
  void whatIsNoPrometheusIsToldApart() throws Exception {
    HttpServer other =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    other.createContext(
        "/",
        exchange -> {
          byte[] page = "<html>Hello</html>".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    other.start();
    try {
      ActionException failure =
          assertThrows(
              ActionException.class,
              () ->
                  query(
                      URI.create("http://127.0.0.1:" + other.getAddress().getPort()),
                      "up",
                      "",
                      ""));
      assertTrue(failure.getMessage().contains("not as Prometheus does"), failure.getMessage());
    } finally {
      other.stop(0);
    }
  }

  @Test
  void thePreviewShowsTheNumberAndHowItCompares() throws Exception {
    JsonNode preview =
        Catalog.preview(
            "prometheus.query",
            input(monitoring.prometheus(), RATE, "baseline", "{'ago': '7d'}"),
            context());

    assertTrue(preview.path("summary").asText().contains("times the"), preview::toString);
    assertFalse(preview.path("changes").asBoolean());
    assertAll(() -> assertNull(preview.get("problem")));
  }

  private JsonNode ask(String query, String field, String value) throws Exception {
    return query(monitoring.prometheus(), query, field, value);
  }

  private ActionException failure(String query) {
    return assertThrows(ActionException.class, () -> ask(query, "", ""));
  }

  private JsonNode query(URI url, String query, String field, String value)
      throws ActionException, IOException {
    return Catalog.run("prometheus.query", input(url, query, field, value), context());
  }

  private String input(URI url, String query, String field, String value) throws IOException {
    String more = field.isEmpty() ? "{}" : "{'" + field + "': " + value + "}";
    ObjectNode input = (ObjectNode) new ObjectMapper().readTree(more.replace('\'', '"'));
    input.put("url", url.toString()).put("query", query);
    if (!input.has("at")) {
      input.put("at", monitoring.now().toString());
    }
    return input.toString();
  }

  private static PlainContext context() {
    return new PlainContext().secret("T", "s3cr3t-token").secret("BASIC", "Basic YWRtaW46dGVzdA==");
  }
}
