package dev.backout.action.http;

import dev.backout.action.Action;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.ActionInfo;
import dev.backout.action.ActionInfo.Repeatable;
import dev.backout.action.ByteSize;
import dev.backout.action.Doc;
import dev.backout.action.Durations;
import dev.backout.action.Preview;
import dev.backout.action.Preview.Detail;
import dev.backout.action.TextOrSecret;
import dev.backout.action.web.Answer;
import dev.backout.action.web.Exchange;
import dev.backout.action.web.Headers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks an HTTP service, and fails unless it answers as expected. */
@ActionInfo(
    name = "http.check",
    summary = "Check that an HTTP service answers as expected",
    description =
        """
        A service can say 200 and not be well, so `expect` looks at what it says: conditions in
        [CEL](https://cel.dev) over `status`, `headers` (by lower-case name), `text` (the body), `json` (the
        body parsed, null if it is not JSON) and `latency`:

        ```yaml
        uses: http.check
        with:
          url: http://127.0.0.1:8000/health
          expect: ["json.status == 'ok'", "json.checks.all(c, c.ok)"]
          within: 60s
        ```

        With `within` it asks again, at every `interval`, until the answer is as expected or the time is up.
        Redirects are answers like any other unless `followRedirects` is set; headers are never sent along
        to another server.
        """,
    repeatable = Repeatable.READ_ONLY,
    because = "It only asks, by GET or HEAD.")
public final class CheckService implements Action<CheckService.Input, CheckService.Output> {
  private static final int SHOWN = 200;
  private static final int KEPT = 2000;
  private static final Duration PREVIEW_PATIENCE = Duration.ofSeconds(2);
  private static final long BETWEEN_HEARTBEATS_MILLIS = 1000;

  public enum Method {
    GET,
    HEAD
  }

  public record Input(
      @Doc("What to ask.") URI url,
      @Doc(value = "How to ask: `get` or `head`.", defaultValue = "get") Method method,
      @Doc(value = "Headers to send; a value may be a secret.", defaultValue = "{}")
          Map<String, TextOrSecret> headers,
      @Doc(value = "The status that the answer must have.", defaultValue = "200") int expectStatus,
      @Doc(value = "Conditions in CEL that must all hold of the answer.", defaultValue = "[]")
          List<String> expect,
      @Doc("How long the whole answer may take. Only `timeout` limits it, if absent.")
          @Nullable Duration maxLatency,
      @Doc(
              value =
                  "When to give up waiting for one answer, from the connection to the end of the body; each time it asks.",
              defaultValue = "5s")
          Duration timeout,
      @Doc("How long to go on asking until the answer is as expected. It asks once, if absent.")
          @Nullable Duration within,
      @Doc(value = "How long to wait before asking again.", defaultValue = "1s") Duration interval,
      @Doc(value = "Whether to go where a redirect points.", defaultValue = "false")
          boolean followRedirects,
      @Doc(value = "How much of the body is read.", defaultValue = "1MiB") ByteSize maxBody) {}

  public record Output(
      @Doc("The status of the answer.") int status,
      @Doc(value = "How long the whole answer took.", reading = true) Duration latency,
      @Doc(value = "How often it was asked.", reading = true) int attempts,
      @Doc("The first 2,000 characters of the body, secrets masked.") String text) {}

  @Override
  public Output run(Input input, ActionContext context)
      throws ActionException, InterruptedException {
    requireUrl(input.url());
    requireTime(input.timeout());
    Expectations expectations = new Expectations(input.expect());
    Exchange exchange = exchange(input, context);
    Duration within = input.within() == null ? Duration.ZERO : input.within();
    long deadline = System.nanoTime() + within.toNanos();
    for (int attempt = 1; ; attempt++) {
      Finding finding = ask(input, exchange, expectations, context);
      if (finding.problem() == null && finding.answer() != null) {
        return output(finding.answer(), attempt, context);
      }
      if (System.nanoTime() + input.interval().toNanos() > deadline) {
        throw failure(input, finding, attempt, context);
      }
      pause(input.interval(), finding, context);
    }
  }

  private static Output output(Answer answer, int attempts, ActionContext context) {
    String text = context.mask(answer.text());
    return new Output(
        answer.status(),
        answer.latency(),
        attempts,
        text.substring(0, Math.min(KEPT, text.length())));
  }

  private static void requireUrl(URI url) throws ActionException {
    String scheme = String.valueOf(url.getScheme());
    boolean web = scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https");
    if (!web || url.getHost() == null) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "url must be one of http or https with a host, such as http://127.0.0.1:8000/health, and is "
              + url
              + ".");
    }
    if (url.getUserInfo() != null) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "url holds a password, which would be kept in the record. Send it in headers, as"
              + " Authorization: secret:NAME.");
    }
  }

  private static void requireTime(Duration timeout) throws ActionException {
    if (timeout.isZero() || timeout.isNegative()) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "timeout must be longer than nothing, and is "
              + Durations.print(timeout)
              + ": no answer comes that fast. Leave it out for 5s.");
    }
  }

  private static Exchange exchange(Input input, ActionContext context) throws ActionException {
    Map<String, String> headers = Headers.revealed(input.headers(), context);
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(input.timeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    return new Exchange(
        client,
        input.method().name(),
        null,
        headers,
        input.timeout(),
        input.maxBody().bytes(),
        input.followRedirects());
  }

  /**
   * @param problem null if the answer is as expected
   * @param passing whether it may be better later
   */
  private record Finding(@Nullable Answer answer, @Nullable String problem, boolean passing) {}

  private static Finding ask(
      Input input, Exchange exchange, Expectations expectations, ActionContext context) {
    Answer answer;
    try {
      answer = exchange.send(input.url(), context);
    } catch (IOException e) {
      return new Finding(null, String.valueOf(e.getMessage()), true);
    }
    String problem = problem(input, answer, expectations);
    return new Finding(answer, problem, answer.isPassing());
  }

  private static @Nullable String problem(Input input, Answer answer, Expectations expectations) {
    if (answer.status() != input.expectStatus()) {
      String where = answer.isRedirect() ? " to " + answer.headers().get("location") : "";
      return "expected status " + input.expectStatus() + ", found " + answer.status() + where;
    }
    if (input.maxLatency() != null && answer.latency().compareTo(input.maxLatency()) > 0) {
      return "expected an answer within "
          + input.maxLatency().toMillis()
          + " ms, and it took "
          + answer.latency().toMillis()
          + " ms";
    }
    return expectations.unmet(answer);
  }

  private static ActionException failure(
      Input input, Finding finding, int attempts, ActionContext context) {
    StringBuilder text = new StringBuilder();
    text.append(input.method()).append(' ').append(input.url()).append(": ");
    text.append(finding.problem());
    if (attempts > 1) {
      text.append("; asked ").append(attempts).append(" times");
    }
    text.append('.');
    if (finding.answer() == null) {
      text.append(
          " See whether it runs and listens there; if it only needs longer, say so by `within`.");
    }
    if (finding.answer() != null && !finding.answer().text().isEmpty()) {
      text.append(" The body begins: ").append(beginning(finding.answer(), context));
    }
    boolean mayPass = finding.passing() && input.within() == null;
    return new ActionException(
        mayPass ? Kind.TRANSIENT : Kind.PERMANENT, context.mask(text.toString()));
  }

  /** Masked before it is cut, so that no half of a secret is left at the end. */
  private static String beginning(Answer answer, ActionContext context) {
    String text = context.mask(answer.text()).replaceAll("\\s+", " ").strip();
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "…" : text;
  }

  private static void pause(Duration interval, Finding finding, ActionContext context)
      throws InterruptedException {
    long until = System.nanoTime() + interval.toNanos();
    for (long left = interval.toMillis();
        left > 0;
        left = (until - System.nanoTime()) / 1_000_000) {
      context.heartbeat("asking again: " + context.mask(String.valueOf(finding.problem())));
      Thread.sleep(Math.min(left, BETWEEN_HEARTBEATS_MILLIS));
    }
  }

  @Override
  public Preview preview(Input input, ActionContext context) throws ActionException {
    // Asked once, and not for long: a plan should not wait for a service that it is about to start,
    // nor once for each check of one that hangs.
    Input once =
        new Input(
            input.url(),
            input.method(),
            input.headers(),
            input.expectStatus(),
            input.expect(),
            input.maxLatency(),
            input.timeout().compareTo(PREVIEW_PATIENCE) < 0 ? input.timeout() : PREVIEW_PATIENCE,
            null,
            input.interval(),
            input.followRedirects(),
            input.maxBody());
    try {
      Output output = run(once, context);
      return new Preview(
          input.url() + " answers as expected, in " + output.latency().toMillis() + " ms",
          false,
          List.of(),
          output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ActionException(Kind.TRANSIENT, "The worker is shutting down; retry.", e);
    } catch (ActionException e) {
      if (e.kind() == Kind.INVALID_INPUT) {
        throw e;
      }
      return new Preview(
          input.url() + " does not answer as expected now",
          false,
          List.of(new Detail(Preview.Kind.PROBLEM, "", List.of(e.getMessage()))),
          null);
    }
  }
}
