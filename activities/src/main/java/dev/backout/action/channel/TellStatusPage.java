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
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens and updates an incident on a status page. */
@ActionInfo(
    name = "notify.statuspage",
    summary = "Open, update or resolve an incident on a Statuspage",
    description =
        """
        A run is one incident: the first step that tells opens it, later ones add to it, and `status: resolved` closes it. It is known
        by `metadata.backout.key`, so that a repeat changes the same incident. As it speaks to customers, it wants a `text` of
        your own; under `notifications` too, where nothing of the event but its occasion is told: the end of the run resolves it.
        """,
    repeatable = Repeatable.SAFE,
    because = "It finds the incident by its key, and sets it as it is to be.")
public final class TellStatusPage implements Action<TellStatusPage.Input, TellStatusPage.Output> {

  public enum Status {
    INVESTIGATING,
    IDENTIFIED,
    MONITORING,
    RESOLVED
  }

  public enum Impact {
    NONE,
    MINOR,
    MAJOR,
    CRITICAL
  }

  public record Input(
      @Doc("The page's id.") String page,
      @Doc("The API key, `secret:NAME`.") TextOrSecret token,
      @Doc("The incident's name, for customers.") String name,
      @Doc("What customers read.") String text,
      @Doc(
              value =
                  "How far it is: `investigating`, `identified`, `monitoring` or `resolved`. The end of a run, under `notifications`, is `resolved`.",
              defaultValue = "investigating")
          Status status,
      @Doc(value = "How bad it is: `none`, `minor`, `major` or `critical`.", defaultValue = "major")
          Impact impact,
      @Doc(value = "Ids of the components that it is about.", defaultValue = "[]")
          List<String> components,
      @Doc("What the incident is known by. One for the run, if absent.") @Nullable String key,
      @Doc(value = "Where Statuspage's API is.", defaultValue = "https://api.statuspage.io/v1")
          URI api,
      @Doc(value = "How long each answer may take, at most 60s.", defaultValue = "10s")
          Duration timeout,
      @Doc("What has happened. Under `notifications` Backout gives it.")
          @Nullable JsonNode event) {}

  public record Output(
      @Doc("The incident's id.") String incident,
      @Doc("Where customers see it; absent if the page doesn't say.") @Nullable String link) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    Bodies page =
        Bodies.to(
            new Receiver("Statuspage", input.timeout()),
            input.api(),
            "OAuth",
            input.token(),
            context);
    String path = "/pages/" + Bodies.encoded(input.page()) + "/incidents";
    Message message = Message.of(input.key(), input.name(), input.text(), null, context);
    Optional<JsonNode> open = open(page, path, message.thread(), context);
    ObjectNode body = body(input, message);
    JsonNode incident =
        open.isEmpty()
            ? page.send("POST", path, body, context)
            : page.send("PATCH", path + "/" + open.get().path("id").asText(), body, context);
    return new Output(incident.path("id").asText(), incident.path("shortlink").textValue());
  }

  private static Optional<JsonNode> open(
      Bodies page, String path, String key, ActionContext context) throws ActionException {
    for (JsonNode each : page.get(path + "/unresolved", context)) {
      if (each.path("metadata").path("backout").path("key").asText().equals(key)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private static ObjectNode body(Input input, Message message) {
    ObjectNode body = Bodies.JSON.createObjectNode();
    ObjectNode incident = body.putObject("incident");
    incident.put("name", message.subject());
    incident.put("status", word(status(input)));
    incident.put("impact_override", word(input.impact()));
    incident.put("body", message.text());
    incident.putObject("metadata").putObject("backout").put("key", message.thread());
    if (!input.components().isEmpty()) {
      var ids = incident.putArray("component_ids");
      input.components().forEach(ids::add);
    }
    return body;
  }

  private static Status status(Input input) {
    boolean ended =
        input.event() != null && input.event().path("type").asText().endsWith(".finished");
    return ended ? Status.RESOLVED : input.status();
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    Message message = Message.of(input.key(), input.name(), input.text(), null, context);
    return new Preview(
        "Would say on the status page, as " + word(status(input)) + ": " + message.subject(),
        true,
        List.of(new Detail(Preview.Kind.NOTE, "Customers read", message.text().lines().toList())),
        null);
  }
}
