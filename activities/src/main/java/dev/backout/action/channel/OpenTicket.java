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
import dev.backout.action.web.Answer;
import dev.backout.action.web.Receiver;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Keeps a ticket in Jira. */
@ActionInfo(
    name = "notify.jira",
    summary = "Open a ticket in Jira, and comment on it later",
    description =
        """
        A run is one ticket: the first step or event that tells opens it, later ones comment on it. The ticket has a label made of its
        key, by which it is found; a comment is known by the key in its last line.

        With `user` it is a token of Atlassian's cloud, else a personal access token of a server of one's own.
        """,
    repeatable = Repeatable.SAFE,
    because = "It finds what it has written by its key.")
public final class OpenTicket implements Action<OpenTicket.Input, OpenTicket.Output> {

  public record Input(
      @Doc("Where Jira is, such as `https://example.atlassian.net`.") URI url,
      @Doc("The e-mail address that the token belongs to, in the cloud.") @Nullable String user,
      @Doc("The token, `secret:NAME`.") TextOrSecret token,
      @Doc("The project's key, such as `OPS`.") String project,
      @Doc(value = "The ticket's type.", defaultValue = "Task") String type,
      @Doc("The ticket's summary. The first line of the text, if absent.") @Nullable String title,
      @Doc("What it says. Under `notifications` the event says it, after this.")
          @Nullable String text,
      @Doc(value = "Labels that it gets besides.", defaultValue = "[rollback]") List<String> labels,
      @Doc("What the ticket is known by. One for the run, if absent.") @Nullable String key,
      @Doc(value = "How long each answer may take, at most 60s.", defaultValue = "10s")
          Duration timeout,
      @Doc("What is told. Under `notifications` Backout gives it.") @Nullable JsonNode event) {}

  public record Output(
      @Doc("The ticket's key, such as `OPS-17`.") String ticket,
      @Doc("Where people see it.") String link) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    Bodies jira = jira(input, context);
    Message message = message(input, context);
    String label = label(message);
    Optional<JsonNode> found = found(jira, label, context);
    if (found.isEmpty()) {
      JsonNode made =
          jira.send("POST", "/rest/api/2/issue", ticket(input, message, label), context);
      return output(made, input);
    }
    comment(jira, found.get().path("key").asText(), message, context);
    return output(found.get(), input);
  }

  private static Bodies jira(Input input, ActionContext context) throws ActionException {
    Receiver receiver = new Receiver("Jira", input.timeout());
    if (input.user() == null) {
      return Bodies.to(receiver, input.url(), "Bearer", input.token(), context);
    }
    String token = context.reveal(input.token().text()).strip();
    context.conceal(token);
    String login =
        Base64.getEncoder()
            .encodeToString((input.user() + ":" + token).getBytes(StandardCharsets.UTF_8));
    return Bodies.to(receiver, input.url(), "Basic", new TextOrSecret(login), context);
  }

  private static Message message(Input input, ActionContext context) throws ActionException {
    return Message.of(input.key(), input.title(), input.text(), input.event(), context);
  }

  /** Labels have no spaces, and a key may. */
  private static String label(Message message) {
    return "backout-" + UUID.nameUUIDFromBytes(message.thread().getBytes(StandardCharsets.UTF_8));
  }

  /** By the search of Atlassian's cloud, or by that of a server, which doesn't know the former. */
  private static Optional<JsonNode> found(Bodies jira, String label, ActionContext context)
      throws ActionException {
    String query =
        "?fields=labels,description&maxResults=1&jql="
            + Bodies.encoded("labels = \"" + label + "\"");
    Answer cloud = jira.ask("/rest/api/3/search/jql" + query, context);
    JsonNode found =
        cloud.status() == 200
            ? Bodies.parsed(cloud)
            : cloud.status() == 404 || cloud.status() == 405
                ? jira.get("/rest/api/2/search" + query, context)
                : refuse(jira, cloud, context);
    return found.path("issues").valueStream().findFirst();
  }

  private static JsonNode refuse(Bodies jira, Answer answer, ActionContext context)
      throws ActionException {
    throw jira.receiver().refused(answer, context);
  }

  private static ObjectNode ticket(Input input, Message message, String label)
      throws ActionException {
    if (!input.project().matches("[A-Za-z][A-Za-z0-9_]*")) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "project is to be a key such as OPS, and is '" + input.project() + "'.");
    }
    ObjectNode ticket = Bodies.JSON.createObjectNode();
    ObjectNode fields = ticket.putObject("fields");
    fields.putObject("project").put("key", input.project());
    fields.putObject("issuetype").put("name", input.type());
    fields.put("summary", message.subject());
    fields.put("description", body(message));
    var labels = fields.putArray("labels").add(label);
    input.labels().forEach(labels::add);
    return ticket;
  }

  private static String body(Message message) {
    return message.text() + "\n\n" + message.origin() + "\n" + message.key();
  }

  private static void comment(Bodies jira, String ticket, Message message, ActionContext context)
      throws ActionException {
    String issue = "/rest/api/2/issue/" + ticket;
    boolean said =
        jira.get(issue + "?fields=description", context)
            .path("fields")
            .path("description")
            .asText()
            .endsWith("\n" + message.key());
    for (JsonNode each :
        jira.get(issue + "/comment?maxResults=100&orderBy=-created", context).path("comments")) {
      said |= each.path("body").asText().endsWith("\n" + message.key());
    }
    if (!said) {
      ObjectNode comment = Bodies.JSON.createObjectNode();
      comment.put("body", body(message));
      var unused = jira.send("POST", issue + "/comment", comment, context);
    }
  }

  private static Output output(JsonNode ticket, Input input) {
    String key = ticket.path("key").asText();
    return new Output(key, input.url().toString().replaceFirst("/+$", "") + "/browse/" + key);
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    Message message = message(input, context);
    return new Preview(
        "Would tell in a ticket of " + input.project() + ": " + message.subject(),
        true,
        List.of(new Detail(Preview.Kind.NOTE, "Ticket", message.text().lines().toList())),
        null);
  }
}
