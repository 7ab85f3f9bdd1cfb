package dev.backout.action.alertmanager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.testing.Catalog;
import dev.backout.testing.Monitoring;
import dev.backout.testing.PlainContext;
import dev.backout.testing.RequiresMonitoring;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@RequiresMonitoring
final class SilenceAlertsTest {
  private final String service = "orders-" + UUID.randomUUID();
  private final PlainContext context = new PlainContext("run-" + service);
  private Monitoring monitoring;

  @BeforeEach
  void meet(Monitoring monitoring) {
    this.monitoring = monitoring;
  }

  @Test
  void alertsThatFitAreSilencedUntilItIsTakenBack() throws Exception {
    alert();
    assertEquals("active", stateOfAlert());

    JsonNode silence = silence("30m");
    until("suppressed");
    assertTrue(expire(silence).path("ended").asBoolean());

    until("active");
    assertFalse(expire(silence).path("ended").asBoolean());
  }

  @Test
  void doneAgainItFindsItsOwnSilence() throws Exception {
    JsonNode first = silence("30m");

    JsonNode again = silence("30m");

    assertEquals(first, again);
    expire(first);
    assertFalse(silence("30m").path("silence").equals(first.path("silence")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"severity=~\\\".*\\\"", "service=\\\"\\\"", "severity!=\\\"none\\\""})
  void whatWouldSilenceEverythingIsRefused(String matcher) {
    ActionException failure =
        assertThrows(
            ActionException.class,
            () -> Catalog.run("alertmanager.silence", input(matcher, "30m"), context));

    assertEquals(Kind.INVALID_INPUT, failure.kind());
    assertTrue(failure.getMessage().contains("every alert there is"), failure.getMessage());
  }

  @Test
  void aMatcherThatIsNoneIsShown() {
    ActionException failure =
        assertThrows(
            ActionException.class,
            () -> Catalog.run("alertmanager.silence", input("orders", "30m"), context));

    assertTrue(failure.getMessage().contains("matchers has `orders`"), failure.getMessage());
  }

  @Test
  void thePreviewChangesNothing() throws Exception {
    JsonNode preview =
        Catalog.preview(
            "alertmanager.silence", input("service=\\\"" + service + "\\\"", "30m"), context);

    assertTrue(preview.path("summary").asText().contains("for 30m"), preview::toString);
    assertFalse(get("/api/v2/silences").contains(service));
  }

  private JsonNode silence(String lasting) throws ActionException, IOException {
    return Catalog.run(
        "alertmanager.silence", input("service=\\\"" + service + "\\\"", lasting), context);
  }

  private String input(String matcher, String lasting) {
    return "{'url': '"
        + monitoring.alertmanager()
        + "', 'matchers': ['"
        + matcher
        + "'], 'lasting': '"
        + lasting
        + "', 'comment': 'Rollback'}";
  }

  private JsonNode expire(JsonNode silence) throws ActionException, IOException {
    return Catalog.run(
        "alertmanager.expire",
        "{'url': '"
            + monitoring.alertmanager()
            + "', 'silence': '"
            + silence.path("silence").asText()
            + "'}",
        context);
  }

  private void alert() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(monitoring.alertmanager() + "/api/v2/alerts"))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "[{\"labels\": {\"alertname\": \"Down\", \"service\": \"" + service + "\"}}]"))
            .build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    assertEquals(200, answer.statusCode(), answer::body);
    until("active");
  }

  private void until(String state) throws Exception {
    for (int i = 0; i < 200 && !stateOfAlert().equals(state); i++) {
      Thread.sleep(50);
    }
    assertEquals(state, stateOfAlert());
  }

  private String stateOfAlert() throws Exception {
    for (JsonNode alert : new ObjectMapper().readTree(get("/api/v2/alerts"))) {
      if (alert.path("labels").path("service").asText().equals(service)) {
        return alert.path("status").path("state").asText();
      }
    }
    return "none";
  }

  private String get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(monitoring.alertmanager() + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
