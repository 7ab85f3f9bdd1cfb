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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps a ticket at GitHub. */
@ActionInfo(
    name = "notify.github",
    summary = "Open an issue at GitHub, and comment on it later",
    description =
        """
        A run is one issue: the first step or event that tells opens it, later ones comment on it. Issue and comments carry their key in
        a comment of HTML that nobody sees, so that a repeat finds what is there. The issue is looked for among the newest hundred of
        its label.
        """,
    repeatable = Repeatable.SAFE,
    because = "It finds what it has written by the key in it.")
public final class OpenIssue implements Action<OpenIssue.Input, OpenIssue.Output> {

  public record Input(
      @Doc("The repository, `owner/name`.") String repository,
      @Doc("A token that may write issues there, `secret:NAME`.") TextOrSecret token,
      @Doc("The issue's title. The first line of the text, if absent.") @Nullable String title,
      @Doc("What it says, in Markdown. Under `notifications` the event says it, after this.")
          @Nullable String text,
      @Doc(
              value =
                  "The label by which the issues of rollbacks are found. It is made if need be.",
              defaultValue = "rollback")
          String label,
      @Doc("What the issue is known by. One for the run, if absent.") @Nullable String key,
      @Doc(
              value = "Where GitHub's API is, also of an Enterprise server.",
              defaultValue = "https://api.github.com")
          URI api,
      @Doc(value = "How long each answer may take, at most 60s.", defaultValue = "10s")
          Duration timeout,
      @Doc("What is told. Under `notifications` Backout gives it.") @Nullable JsonNode event) {}

  public record Output(
      @Doc("The issue's number.") int number, @Doc("Where people see it.") String link) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    String path = path(input);
    Bodies github =
        Bodies.to(
                new Receiver("GitHub", input.timeout()),
                input.api(),
                "Bearer",
                input.token(),
                context)
            .with("Accept", "application/vnd.github+json")
            .with("X-GitHub-Api-Version", "2022-11-28");
    Message message = message(input, context);
    Optional<JsonNode> found = found(github, path, input, message, context);
    if (found.isEmpty()) {
      ObjectNode issue = Bodies.JSON.createObjectNode();
      issue.put("title", message.subject());
      issue.put("body", body(message, mark(message.thread()) + mark(message.key())));
      issue.putArray("labels").add(input.label());
      return output(github.send("POST", path, issue, context));
    }
    comment(github, path, found.get(), message, context);
    return output(found.get());
  }

  private static String path(Input input) throws ActionException {
    if (!input.repository().matches("[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "repository is to be owner/name, and is '" + input.repository() + "'.");
    }
    return "/repos/" + input.repository() + "/issues";
  }

  private static Message message(Input input, ActionContext context) throws ActionException {
    return Message.of(input.key(), input.title(), input.text(), input.event(), context);
  }

  private static Optional<JsonNode> found(
      Bodies github, String path, Input input, Message message, ActionContext context)
      throws ActionException {
    String query = "?state=all&per_page=100&labels=" + Bodies.encoded(input.label());
    for (JsonNode each : github.get(path + query, context)) {
      if (each.path("body").asText().contains(mark(message.thread()))) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private static void comment(
      Bodies github, String path, JsonNode issue, Message message, ActionContext context)
      throws ActionException {
    String comments = path + "/" + issue.path("number").asInt() + "/comments";
    boolean said = issue.path("body").asText().contains(mark(message.key()));
    for (JsonNode each : github.get(comments + "?per_page=100", context)) {
      said |= each.path("body").asText().contains(mark(message.key()));
    }
    if (!said) {
      ObjectNode comment = Bodies.JSON.createObjectNode();
      comment.put("body", body(message, mark(message.key())));
      var unused = github.send("POST", comments, comment, context);
    }
  }

  private static String body(Message message, String marks) {
    return message.text() + "\n\n_" + message.origin() + "_\n" + marks;
  }

  private static String mark(String key) {
    return "<!-- " + key.replace("--", "- -") + " -->";
  }

  private static Output output(JsonNode issue) {
    return new Output(issue.path("number").asInt(), issue.path("html_url").asText());
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    var unused = path(input);
    Message message = message(input, context);
    return new Preview(
        "Would tell in an issue of " + input.repository() + ": " + message.subject(),
        true,
        List.of(new Detail(Preview.Kind.NOTE, "Issue", message.text().lines().toList())),
        null);
  }
}
