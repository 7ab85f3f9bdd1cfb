package dev.backout.action.web;

import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.TextOrSecret;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A web service that is told something. What it can't take now may be tried again; what it will not
 * take isn't.
 *
 * @param name what people call it, at the beginning of a sentence: "The receiver"
 * @param timeout for the whole answer; more than 60 s count as 60 s
 */
public record Receiver(String name, Duration timeout) {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final long MOST_READ = 256 * 1024;
  private static final int SHOWN = 200;

  /**
   * Returns what it answered, whatever the status, once something was.
   *
   * @throws ActionException if nothing was answered: TRANSIENT, or PERMANENT where no connection
   *     can be trusted
   */
  public Answer ask(
      String method,
      URI url,
      Map<String, String> headers,
      @Nullable String body,
      ActionContext context)
      throws ActionException {
    Duration patience = timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout;
    try {
      return new WebRequest(method, url, headers, body, patience, MOST_READ).send(context);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  /**
   * The same of an answer of 2xx.
   *
   * @throws ActionException also for any other: TRANSIENT, with its Retry-After, or PERMANENT
   */
  public Answer tell(
      String method,
      URI url,
      Map<String, String> headers,
      @Nullable String body,
      ActionContext context)
      throws ActionException {
    Answer answer = ask(method, url, headers, body, context);
    if (answer.status() < 200 || answer.status() > 299) {
      throw refused(answer, context);
    }
    return answer;
  }

  private ActionException unreachable(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return new ActionException(
            Kind.PERMANENT,
            "No connection to "
                + name.replaceFirst("^The ", "the ")
                + " can be trusted: "
                + cause.getMessage()
                + ". Nothing was sent. Mend its certificate, or add its authority to the trust store"
                + " of the worker's Java.");
      }
    }
    return new ActionException(Kind.TRANSIENT, name + " " + e.getMessage() + ".");
  }

  /** What an answer means that isn't the one that was hoped for. */
  public ActionException refused(Answer answer, ActionContext context) {
    int status = answer.status();
    boolean later = status == 408 || status == 425 || status == 429 || status >= 500;
    String body = context.mask(answer.text()).replaceAll("\\s+", " ").strip();
    String said = body.length() > SHOWN ? body.substring(0, SHOWN) + "…" : body;
    return new ActionException(
        later ? Kind.TRANSIENT : Kind.PERMANENT,
        name
            + " answered "
            + status
            + (answer.isRedirect() ? ", a redirect, which is not followed with an event" : "")
            + (said.isEmpty() ? "." : ": " + said),
        later ? RetryAfter.of(answer.headers().get("retry-after")).orElse(null) : null);
  }

  /**
   * Where it is.
   *
   * @throws ActionException that doesn't show what was found: it may be a secret that was put into
   *     the wrong place
   */
  public static URI address(TextOrSecret said, ActionContext context) throws ActionException {
    URI url;
    try {
      url = URI.create(context.reveal(said.text()));
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

  private static ActionException notAnAddress() {
    return new ActionException(
        Kind.INVALID_INPUT,
        "url must be one of https or http with a host, such as https://hooks.example.org/backout, or"
            + " the reference to a secret that holds one. Nothing was sent.");
  }
}
