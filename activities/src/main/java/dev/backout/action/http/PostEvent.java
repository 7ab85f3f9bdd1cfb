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
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLException;
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
  private static final int MOST_READ = 2000;
  private static final int SHOWN = 200;
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
    Answer answer = send(input, input.event(), context);
    if (answer.status() < 200 || answer.status() > 299) {
      throw refused(answer, context);
    }
    return new Output(answer.status(), answer.latency());
  }

  private static Answer send(Input input, JsonNode event, ActionContext context)
      throws ActionException {
    URI url = url(input, context);
    Duration patience =
        input.timeout().compareTo(Duration.ofSeconds(60)) > 0
            ? Duration.ofSeconds(60)
            : input.timeout();
    Map<String, String> headers = new LinkedHashMap<>(Map.of(CONTENT_TYPE, CLOUD_EVENT));
    headers.putAll(Headers.revealed(input.headers(), context));
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    try {
      // No secret may go out in it, whoever has put it there.
      String body = context.mask(event.toString());
      return new Exchange(client, "POST", body, headers, patience, MOST_READ, false)
          .send(url, context);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private static ActionException unreachable(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return new ActionException(
            Kind.PERMANENT,
            "No connection to the receiver can be trusted: "
                + cause.getMessage()
                + ". Nothing was sent. Mend its certificate, or add its authority to the trust store"
                + " of the worker's Java.");
      }
    }
    return new ActionException(Kind.TRANSIENT, "The receiver " + e.getMessage() + ".");
  }

  private static ActionException refused(Answer answer, ActionContext context) {
    int status = answer.status();
    boolean later = status == 408 || status == 425 || status == 429 || status >= 500;
    String body = context.mask(answer.text()).replaceAll("\\s+", " ").strip();
    String said = body.length() > SHOWN ? body.substring(0, SHOWN) + "…" : body;
    return new ActionException(
        later ? Kind.TRANSIENT : Kind.PERMANENT,
        "The receiver answered "
            + status
            + (answer.isRedirect() ? ", a redirect, which is not followed with an event" : "")
            + (said.isEmpty() ? "." : ": " + said),
        later ? RetryAfter.of(answer.headers().get("retry-after")).orElse(null) : null);
  }

  private static URI url(Input input, ActionContext context) throws ActionException {
    String text = context.reveal(input.url().text());
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw notAnAddress();
    }
    String scheme = String.valueOf(url.getScheme());
    boolean web = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
    if (!web || url.getHost() == null) {
      throw notAnAddress();
    }
    if (url.getUserInfo() != null) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "url holds a password. Send it in headers, as Authorization: secret:NAME.");
    }
    return url;
  }

  /** Doesn't show what was found: it may be a secret that was put into the wrong place. */
  private static ActionException notAnAddress() {
    return new ActionException(
        Kind.INVALID_INPUT,
        "url must be one of https or http with a host, such as https://hooks.example.org/backout, or"
            + " the reference to a secret that holds one. Nothing was sent.");
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    String host = input.url().text().startsWith("secret:") ? null : url(input, context).getHost();
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
