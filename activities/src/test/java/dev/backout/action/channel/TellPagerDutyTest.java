package dev.backout.action.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.channel.Service.Reply;
import dev.backout.testing.Catalog;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TellPagerDutyTest {
  private Service pagerDuty;

  @BeforeEach
  void start() throws IOException {
    pagerDuty = new Service(request -> Reply.of(202, "{'status': 'success'}"));
  }

  @AfterEach
  void stop() {
    pagerDuty.close();
  }

  @Test
  void aRunIsOneAlertThatItsEndResolves() throws Exception {
    JsonNode opened = tell("'event': " + Events.waiting());
    var unused = tell("'event': " + Events.finished());

    JsonNode trigger = pagerDuty.requests().get(0).json();
    assertEquals("trigger", trigger.path("event_action").asText());
    assertEquals(Events.TOKEN, trigger.path("routing_key").asText());
    assertEquals("Stop the poller? ***", trigger.path("payload").path("summary").asText());
    assertEquals("critical", trigger.path("payload").path("severity").asText());
    assertEquals("target", trigger.path("payload").path("source").asText());
    JsonNode resolve = pagerDuty.requests().get(1).json();
    assertEquals("resolve", resolve.path("event_action").asText());
    assertEquals("backout/run-1", resolve.path("dedup_key").asText());
    assertEquals(trigger.path("dedup_key"), resolve.path("dedup_key"));
    assertFalse(resolve.has("payload"));
    assertEquals("backout/run-1", opened.path("key").asText());
  }

  @Test
  void aStepAcknowledgesWhatItNames() throws Exception {
    var unused = tell("'action': 'acknowledge', 'key': 'INC-7'");

    JsonNode sent = pagerDuty.requests().get(0).json();
    assertEquals("acknowledge", sent.path("event_action").asText());
    assertEquals("INC-7", sent.path("dedup_key").asText());
  }

  @Test
  void whatIsTooMuchForItIsTriedAgainWhenItSays() {
    pagerDuty.now(request -> new Reply(429, "slow down", Map.of("Retry-After", "17")));

    ActionException failure = failure("'text': 'down'");

    assertEquals(Kind.TRANSIENT, failure.kind());
    assertEquals("PagerDuty answered 429: slow down", failure.getMessage());
    assertEquals(Optional.of(Duration.ofSeconds(17)), directly("down").retryAfter());
  }

  private ActionException directly(String text) {
    return assertThrows(
        ActionException.class,
        () ->
            new TellPagerDuty()
                .run(
                    new TellPagerDuty.Input(
                        new dev.backout.action.TextOrSecret("secret:TOKEN"),
                        TellPagerDuty.Act.TRIGGER,
                        null,
                        text,
                        TellPagerDuty.Severity.INFO,
                        java.net.URI.create(pagerDuty.url()),
                        Duration.ofSeconds(5),
                        null),
                    Events.context()));
  }

  @Test
  void aWrongKeyIsNotTriedAgainAndNotShown() {
    pagerDuty.now(
        request ->
            Reply.of(400, "{'status': 'invalid event', 'errors': ['" + Events.TOKEN + "']}"));

    ActionException failure = failure("'text': 'down'");

    assertEquals(Kind.PERMANENT, failure.kind());
    assertTrue(failure.getMessage().contains("invalid event"), failure.getMessage());
    assertFalse(failure.getMessage().contains(Events.TOKEN), failure.getMessage());
  }

  @Test
  void withoutWordsThereIsNothingToTell() {
    assertEquals(Kind.INVALID_INPUT, failure("'severity': 'info'").kind());
    assertEquals(0, pagerDuty.requests().size());
  }

  private ActionException failure(String more) {
    return assertThrows(ActionException.class, () -> tell(more));
  }

  private JsonNode tell(String more) throws ActionException, IOException {
    return Catalog.run(
        "notify.pagerduty",
        "{'routingKey': 'secret:TOKEN', 'url': '" + pagerDuty.url() + "/v2/enqueue', " + more + "}",
        Events.context());
  }
}
