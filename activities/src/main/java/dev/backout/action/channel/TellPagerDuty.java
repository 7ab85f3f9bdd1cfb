package dev.backout.action.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import dev.backout.action.web.Receiver;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Opens, acknowledges and resolves an alert of PagerDuty. */
@ActionInfo(
    name = "notify.pagerduty",
    summary = "Open, acknowledge or resolve an alert in PagerDuty",
    description =
        """
        Sends an event by version 2 of PagerDuty's Events API. Under `notifications` a run is one alert: whatever happens in it opens
        it or adds to it, and the end of the run resolves it; with `key` several runs are one. As a step it does what `action` says.

        PagerDuty knows an alert by its key, so that a repeat opens no second one.
        """,
    repeatable = Repeatable.SAFE,
    because = "PagerDuty knows a repeat by the alert's key.")
public final class TellPagerDuty implements Action<TellPagerDuty.Input, TellPagerDuty.Output> {
  private static final int LONGEST_SUMMARY = 1024;

  public enum Act {
    TRIGGER,
    ACKNOWLEDGE,
    RESOLVE
  }

  public enum Severity {
    CRITICAL,
    ERROR,
    WARNING,
    INFO
  }

  public record Input(
      @Doc("The integration key of the service, `secret:NAME`.") TextOrSecret routingKey,
      @Doc(
              value =
                  "What to do: `trigger`, `acknowledge` or `resolve`. Under `notifications` the event says it.",
              defaultValue = "trigger")
          Act action,
      @Doc("What the alert is known by. One for the run, if absent.") @Nullable String key,
      @Doc("What it says, its first line first. Under `notifications` the event says it.")
          @Nullable String text,
      @Doc(
              value = "How urgent it is: `critical`, `error`, `warning` or `info`.",
              defaultValue = "critical")
          Severity severity,
      @Doc(
              value = "Where PagerDuty takes events; its service region's, such as the EU's.",
              defaultValue = "https://events.pagerduty.com/v2/enqueue")
          URI url,
      @Doc(value = "How long the whole answer may take, at most 60s.", defaultValue = "10s")
          Duration timeout,
      @Doc("What is told. Under `notifications` Backout gives it.") @Nullable JsonNode event) {}

  public record Output(@Doc("What PagerDuty knows the alert by.") String key) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    ObjectNode event = event(input, context);
    event.put("routing_key", key(input, context));
    new Receiver("PagerDuty", input.timeout())
        .tell(
            "POST",
            Receiver.address(new TextOrSecret(input.url().toString()), context),
            Map.of("Content-Type", "application/json"),
            event.toString(),
            context);
    return new Output(event.path("dedup_key").asText());
  }

  private static String key(Input input, ActionContext context) throws ActionException {
    String key = context.reveal(input.routingKey().text()).strip();
    context.conceal(key);
    return key;
  }

  /** Without the integration key. */
  private static ObjectNode event(Input input, ActionContext context) throws ActionException {
    Act act = act(input);
    String text = input.text() == null && act != Act.TRIGGER ? act.name() : input.text();
    Message message = Message.of(input.key(), null, text, input.event(), context);
    ObjectNode event = Bodies.JSON.createObjectNode();
    event.put("event_action", act.name().toLowerCase(java.util.Locale.ROOT));
    event.put("dedup_key", message.thread());
    event.put("client", "Backout");
    if (act == Act.TRIGGER) {
      ObjectNode payload = event.putObject("payload");
      payload.put("summary", Bodies.head(message.subject(), LONGEST_SUMMARY));
      payload.put("source", message.call().target());
      payload.put("severity", input.severity().name().toLowerCase(java.util.Locale.ROOT));
      payload.put("component", message.call().target());
      payload.put("group", message.call().runbook());
      payload
          .putObject("custom_details")
          .put("text", message.text())
          .put("origin", message.origin());
    }
    return event;
  }

  private static Act act(Input input) {
    if (input.event() == null) {
      return input.action();
    }
    return input.event().path("type").asText().endsWith(".finished") ? Act.RESOLVE : Act.TRIGGER;
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    ObjectNode event = event(input, context);
    return new Preview(
        "Would "
            + event.path("event_action").asText()
            + " the alert "
            + event.path("dedup_key").asText()
            + " in PagerDuty",
        true,
        List.of(
            new Detail(
                Preview.Kind.NOTE,
                "Message",
                event
                    .path("payload")
                    .path("custom_details")
                    .path("text")
                    .asText()
                    .lines()
                    .toList())),
        null);
  }
}
