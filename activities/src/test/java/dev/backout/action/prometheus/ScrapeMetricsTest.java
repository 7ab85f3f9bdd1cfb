package dev.backout.action.prometheus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.PlainContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ScrapeMetricsTest {
  private static final String TOKEN = "tok3n-of-the-metrics";

  private HttpServer service;
  private String page;

  @BeforeEach
  void start() throws IOException {
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext(
        "/metrics",
        exchange -> {
          boolean known =
              ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
          byte[] body = (known ? page : "no").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(known ? 200 : 401, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    service.start();
    page =
        """
        # HELP poller_last_success_unixtime When it last succeeded.
        # TYPE poller_last_success_unixtime gauge
        poller_last_success_unixtime %d
        # TYPE deposits_total counter
        deposits_total{chain="btc",note="a \\"quoted\\" one, with } and \\n"} 12 1700000000000
        deposits_total{chain="eth",} 1.5e+01
        queue_depth NaN
        millis_unixtime 1700000000000
        # EOF
        """
            .formatted(Instant.now().minusSeconds(90).getEpochSecond());
  }

  @AfterEach
  void stop() {
    service.stop(0);
  }

  @Test
  void aTimeHasAnAge() throws Exception {
    JsonNode found = scrape("'metric': 'poller_last_success_unixtime', 'token': 'secret:TOKEN'");

    assertTrue(found.path("age").asText().matches("1m3\\ds.*"), found::toString);
    assertEquals(1, found.path("samples").size());
  }

  @Test
  void oneOfSeveralIsChosenByItsLabels() throws Exception {
    JsonNode found =
        scrape("'metric': 'deposits_total', 'labels': {'chain': 'eth'}, 'token': 'secret:TOKEN'");

    assertEquals(15, found.path("value").asDouble());
    assertFalse(found.has("age"));
  }

  @Test
  void labelsAreReadHoweverTheyAreWritten() throws Exception {
    JsonNode found = scrape("'metric': 'deposits_total', 'many': true, 'token': 'secret:TOKEN'");

    assertEquals(2, found.path("samples").size());
    assertEquals(
        "a \"quoted\" one, with } and \n",
        found.path("samples").path(0).path("labels").path("note").asText());
    assertEquals(12, found.path("samples").path(0).path("value").asDouble());
  }

  @Test
  void severalThatFitAreShown() {
    ActionException failure = failure("'metric': 'deposits_total', 'token': 'secret:TOKEN'");

    assertTrue(failure.getMessage().contains("2 samples of deposits_total fit"));
    assertTrue(failure.getMessage().contains("chain=eth"), failure.getMessage());
  }

  @Test
  void withoutTheTokenItSaysThatOneIsWantedAndWithAWrongOneThatItIsNotTaken() {
    String none = failure("'metric': 'queue_depth'").getMessage();
    String wrong = failure("'metric': 'queue_depth', 'token': 'secret:WRONG'").getMessage();

    assertTrue(none.contains("it wants a token"), none);
    assertTrue(wrong.contains("doesn't take this token"), wrong);
    assertFalse(wrong.contains("wr0ng"), wrong);
  }

  @Test
  void aMetricThatIsMissingIsToldWithItsNeighbours() {
    String message = failure("'metric': 'poller_last', 'token': 'secret:TOKEN'").getMessage();

    assertTrue(message.contains("shows no poller_last, but 4 other metrics"), message);
    assertTrue(message.contains("among them poller_last_success_unixtime"), message);
  }

  @Test
  void whatIsNoNumberIsNoValue() {
    assertTrue(
        failure("'metric': 'queue_depth', 'token': 'secret:TOKEN'").getMessage().contains("NaN"));
  }

  @Test
  void aTimeInMillisecondsIsNotTakenForOneInTheFuture() {
    String message = failure("'metric': 'millis_unixtime', 'token': 'secret:TOKEN'").getMessage();

    assertTrue(message.contains("Is it in milliseconds"), message);
  }

  @Test
  void whatIsNotInTheFormatIsShown() {
    page = "deposits_total{chain=\"btc\" 12\n";

    String message = failure("'metric': 'deposits_total', 'token': 'secret:TOKEN'").getMessage();

    assertTrue(message.contains("not in Prometheus' format: `deposits_total{"), message);
  }

  @Test
  void aServiceThatIsDownMayBeUpLater() {
    service.stop(0);

    ActionException failure = failure("'metric': 'queue_depth', 'token': 'secret:TOKEN'");

    assertEquals(Kind.TRANSIENT, failure.kind());
    assertTrue(failure.getMessage().contains("refused the connection"), failure.getMessage());
  }

  private ActionException failure(String input) {
    return assertThrows(ActionException.class, () -> scrape(input));
  }

  private JsonNode scrape(String input) throws ActionException, IOException {
    return Catalog.run(
        "prometheus.scrape",
        "{'url': 'http://127.0.0.1:" + service.getAddress().getPort() + "/metrics', " + input + "}",
        new PlainContext().secret("TOKEN", TOKEN).secret("WRONG", "wr0ng-token"));
  }
}
