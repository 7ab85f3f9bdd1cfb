package dev.backout.action.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.Doc;
import dev.backout.action.Durations;
import dev.backout.action.Preview;
import dev.backout.action.TextOrSecret;
import dev.backout.action.web.Answer;
import dev.backout.action.web.Headers;
import dev.backout.action.web.Receiver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sends an event to a web service. */
@ActionInfo(
    name = "notify.webhook",
    summary = "Tell a web service of an event",
    description =
        """
        Sends the event as JSON by POST, with the content type `application/cloudevents+json`. Any answer of 2xx says
        that it was taken. Its place is under `notifications`, where Backout gives it the `event`; as a step it sends
        what the step gives it.

        A receiver that can't be reached, takes longer than `timeout`, or answers 408, 425, 429 or 5xx is tried again,
        after as long as its `Retry-After` says. Every attempt sends the same `id`: who was told already can drop a
        repeat. Other answers, redirects among them, and a certificate that isn't trusted are not tried again.

        Certificates are checked against the trust store of the worker's Java, and Java's own proxy settings hold
        (`-Dhttps.proxyHost`, `-Dhttps.proxyPort`, `-Dhttp.nonProxyHosts` in `BACKOUT_JAVA_OPTS`).
        """,
    repeatable = Repeatable.SAFE,
    because = "The receiver knows a repeat by the event's id.")
public final class PostEvent implements Action<PostEvent.Input, PostEvent.Output> {
  private static final String CONTENT_TYPE = "Content-Type";
  private static final String CLOUD_EVENT = "application/cloudevents+json; charset=utf-8";

  public record Input(
      @Doc("Where to send it: `https://…`, or `secret:NAME` where the address itself is secret.")
          TextOrSecret url,
      @Doc(
              value = "Headers to send besides, such as `Authorization: secret:NAME`.",
              defaultValue = "{}")
          Map<String, TextOrSecret> headers,
      @Doc(value = "How long the whole answer may take, at most 60s.", defaultValue = "10s")
          Duration timeout,
      @Doc("What is sent. Under `notifications` Backout gives it.") @Nullable JsonNode event) {}

  public record Output(
      @Doc("The status of the answer.") int status,
      @Doc("How long the whole answer took.") Duration latency) {}

  @Override
  public Output run(Input input, ActionContext context) throws ActionException {
    if (input.event() == null) {
      throw new ActionException(
          Kind.INVALID_INPUT, "notify.webhook needs an `event` to send. Nothing was sent.");
    }
    Map<String, String> headers = new LinkedHashMap<>(Map.of(CONTENT_TYPE, CLOUD_EVENT));
    headers.putAll(Headers.revealed(input.headers(), context));
    // No secret may go out in it, whoever has put it there.
    String body = context.mask(input.event().toString());
    Answer answer =
        new Receiver("The receiver", input.timeout())
            .tell("POST", Receiver.address(input.url(), context), headers, body, context);
    return new Output(answer.status(), answer.latency());
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    String host =
        input.url().text().startsWith("secret:")
            ? null
            : Receiver.address(input.url(), context).getHost();
    return new Preview(
        "Would tell "
            + (host == null ? "the receiver at " + input.url() : host)
            + ", within "
            + Durations.print(input.timeout()),
        true,
        List.of(),
        null);
  }
}
