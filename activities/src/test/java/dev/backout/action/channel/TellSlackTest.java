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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TellSlackTest {
  private Service slack;

  @BeforeEach
  void start() throws IOException {
    slack =
        new Service(
            request ->
                request.path().startsWith("/hook")
                    ? Reply.of(200, "ok")
                    : Reply.of(200, "{'ok': true, 'ts': '17.4'}"));
  }

  @AfterEach
  void stop() {
    slack.close();
  }

  @Test
  void aWebhookIsToldInSlacksOwnForm() throws Exception {
    JsonNode found = hook("'text': 'Rolling back <orders> & co'");

    JsonNode sent = slack.requests().get(0).json();
    assertEquals("Rolling back &lt;orders&gt; &amp; co", sent.path("text").asText());
    assertEquals("section", sent.path("blocks").path(0).path("type").asText());
    assertTrue(sent.path("blocks").path(1).toString().contains("run run-1"));
    assertTrue(found.path("timestamp").isMissingNode());
  }

  @Test
  void aBotWritesIntoAChannelWithItsToken() throws Exception {
    JsonNode found = bot("'event': " + Events.waiting());

    assertEquals("/chat.postMessage", slack.requests().get(0).path());
    assertEquals("Bearer " + Events.TOKEN, slack.requests().get(0).header("Authorization"));
    JsonNode sent = slack.requests().get(0).json();
    assertEquals("#incidents", sent.path("channel").asText());
    assertEquals("Stop the poller? ***", sent.path("text").asText());
    String said = sent.path("blocks").path(0).path("text").path("text").asText();
    assertTrue(said.contains("Asked: group:oncall."), said);
    assertTrue(said.contains("backout watch poller"), said);
    assertEquals("17.4", found.path("timestamp").asText());
  }

  @Test
  void whatSlackRefusesWithAnOkStatusIsARefusal() {
    slack.now(request -> Reply.of(200, "{'ok': false, 'error': 'channel_not_found'}"));
    ActionException failure = assertThrows(ActionException.class, () -> bot("'text': 'hello'"));
    assertEquals(Kind.PERMANENT, failure.kind());
    assertTrue(failure.getMessage().contains("Invite the bot"), failure.getMessage());

    slack.now(request -> Reply.of(200, "{'ok': false, 'error': 'ratelimited'}"));
    assertEquals(
        Kind.TRANSIENT, assertThrows(ActionException.class, () -> bot("'text': 'hello'")).kind());
  }

  @Test
  void noErrorShowsTheWebhooksAddress() {
    slack.now(request -> Reply.of(404, "no_service at " + slack.url() + "/hook/T0/B0/s3cr3t"));

    ActionException failure = assertThrows(ActionException.class, () -> hook("'text': 'hello'"));

    assertFalse(failure.getMessage().contains("s3cr3t"), failure.getMessage());
  }

  @Test
  void itWantsAWebhookOrABot() {
    ActionException failure =
        assertThrows(
            ActionException.class,
            () ->
                Catalog.run(
                    "notify.slack",
                    "{'token': 'secret:TOKEN', 'text': 'hello'}",
                    Events.context()));

    assertEquals(Kind.INVALID_INPUT, failure.kind());
  }

  private JsonNode hook(String more) throws ActionException, IOException {
    return Catalog.run(
        "notify.slack",
        "{'webhook': 'secret:HOOK', " + more + "}",
        Events.context().secret("HOOK", slack.url() + "/hook/T0/B0/s3cr3t"));
  }

  private JsonNode bot(String more) throws ActionException, IOException {
    return Catalog.run(
        "notify.slack",
        "{'token': 'secret:TOKEN', 'channel': '#incidents', 'api': '"
            + slack.url()
            + "', "
            + more
            + "}",
        Events.context());
  }
}
