package dev.backout.action.channel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
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
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says something in a channel of Slack, or of what understands Slack's webhooks. */
@ActionInfo(
    name = "notify.slack",
    summary =
        "Say something in a Slack channel, or in one of Mattermost or another that takes Slack's webhooks",
    description =
        """
        Either by an incoming webhook (`webhook`), whose address is the secret, or as a bot (`token` and `channel`, by
        `chat.postMessage`), which tells also when the channel or the right is missing.

        Slack knows no repeat. Where its answer was lost the message may stand there twice; it names the run, so that nobody takes it
        for two.
        """,
    repeatable = Repeatable.SAFE,
    because = "A repeated message says the same of the same run.")
public final class TellSlack implements Action<TellSlack.Input, TellSlack.Output> {
  private static final int LONGEST_SECTION = 2900;

  /** What Slack says with {@code ok: false} that may be better later. */
  private static final Set<String> PASSING =
      Set.of(
          "ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout");

  public record Input(
      @Doc("The address of an incoming webhook, `secret:NAME`: whoever knows it can write.")
          @Nullable TextOrSecret webhook,
      @Doc("A bot's token, `secret:NAME`, instead of a webhook.") @Nullable TextOrSecret token,
      @Doc("The channel, by its id or as `#name`, where a bot writes.") @Nullable String channel,
      @Doc("What is said. Under `notifications` the event says it, after this.")
          @Nullable String text,
      @Doc(value = "Where Slack's API is, for a bot.", defaultValue = "https://slack.com/api")
          URI api,
      @Doc(value = "How long the whole answer may take, at most 60s.", defaultValue = "10s")
          Duration timeout,
      @Doc("What is told. Under `notifications` Backout gives it.") @Nullable JsonNode event) {}

  public record Output(
      @Doc("What Slack knows the message by; absent for a webhook.") @Nullable String timestamp) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    requireOne(input);
    ObjectNode body = body(input, context);
    Receiver receiver = new Receiver("Slack", input.timeout());
    if (input.webhook() != null) {
      URI hook = Receiver.address(input.webhook(), context);
      var unused =
          receiver.tell(
              "POST", hook, Map.of("Content-Type", "application/json"), body.toString(), context);
      return new Output(null);
    }
    TextOrSecret token = java.util.Objects.requireNonNull(input.token());
    Bodies slack = Bodies.to(receiver, input.api(), "Bearer", token, context);
    body.put("channel", input.channel());
    return new Output(accepted(slack.send("POST", "/chat.postMessage", body, context), context));
  }

  private static String accepted(JsonNode said, ActionContext context) throws ActionException {
    if (said.path("ok").asBoolean()) {
      return said.path("ts").asText();
    }
    String error = context.mask(said.path("error").asText("nothing that can be understood"));
    throw new ActionException(
        PASSING.contains(error) ? Kind.TRANSIENT : Kind.PERMANENT,
        "Slack did not take the message: "
            + error
            + (error.equals("channel_not_found") || error.equals("not_in_channel")
                ? ". Invite the bot into the channel, or correct `channel`."
                : "."));
  }

  private static void requireOne(Input input) throws ActionException {
    boolean bot = input.token() != null && input.channel() != null && input.webhook() == null;
    boolean hook = input.webhook() != null && input.token() == null && input.channel() == null;
    if (bot == hook) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "notify.slack needs either `webhook`, or `token` and `channel`. Nothing was sent.");
    }
  }

  private static ObjectNode body(Input input, ActionContext context) throws ActionException {
    Message message = Message.of(null, null, input.text(), input.event(), context);
    ObjectNode body = Bodies.JSON.createObjectNode();
    body.put("text", escaped(message.subject()));
    var blocks = body.putArray("blocks");
    ObjectNode section = blocks.addObject().put("type", "section");
    section
        .putObject("text")
        .put("type", "mrkdwn")
        .put("text", escaped(Bodies.head(message.text(), LONGEST_SECTION)));
    ObjectNode origin = blocks.addObject().put("type", "context");
    origin
        .putArray("elements")
        .addObject()
        .put("type", "mrkdwn")
        .put("text", escaped(message.origin()));
    return body;
  }

  /** As Slack wants it, so that no name of a service becomes a link or calls everybody. */
  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    requireOne(input);
    Message message = Message.of(null, null, input.text(), input.event(), context);
    return new Preview(
        "Would say in "
            + (input.channel() == null ? "Slack's channel of the webhook" : input.channel())
            + ": "
            + message.subject(),
        true,
        List.of(new Detail(Preview.Kind.NOTE, "Message", message.text().lines().toList())),
        null);
  }
}
