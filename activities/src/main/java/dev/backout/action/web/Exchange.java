package dev.backout.action.web;

import dev.backout.action.ActionContext;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request and waits for the whole answer.
 *
 * @param body what is sent with it; null for nothing
 * @param headers with secrets revealed; sent to the first server only, never along a redirect to
 *     another
 */
public record Exchange(
    HttpClient client,
    String method,
    @Nullable String body,
    Map<String, String> headers,
    Duration timeout,
    long maxBody,
    boolean followRedirects) {
  private static final int MOST_REDIRECTS = 5;
  private static final long BETWEEN_HEARTBEATS_MILLIS = 1000;

  /**
   * @throws IOException with a sentence on why there is no answer
   */
  public Answer send(URI uri, ActionContext context) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    URI to = uri;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      Answer answer = send(to, sameServer(uri, to) ? headers : Map.of(), deadline, context);
      if (!followRedirects || !answer.isRedirect()) {
        return answer;
      }
      to = to.resolve(Objects.requireNonNull(answer.headers().get("location")));
    }
    throw new IOException("was redirected more than " + MOST_REDIRECTS + " times, last to " + to);
  }

  private static boolean sameServer(URI one, URI other) {
    return one.getScheme().equalsIgnoreCase(other.getScheme())
        && Objects.equals(one.getAuthority(), other.getAuthority());
  }

  private Answer send(URI uri, Map<String, String> sent, long deadline, ActionContext context)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body))
            .setHeader("User-Agent", "backout");
    sent.forEach(request::setHeader);
    long start = System.nanoTime();
    HttpResponse<byte[]> response =
        await(
            client.sendAsync(request.build(), info -> new CappedBody(maxBody)), deadline, context);
    return Answer.of(
        uri,
        response.statusCode(),
        joined(response),
        response.body(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  /** The client's own time-out ends with the headers; this one covers the body too. */
  private HttpResponse<byte[]> await(
      CompletableFuture<HttpResponse<byte[]>> answer, long deadline, ActionContext context)
      throws IOException {
    try {
      while (true) {
        context.heartbeat("waiting for an answer");
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        try {
          return answer.get(
              Math.max(1, Math.min(left, BETWEEN_HEARTBEATS_MILLIS)), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (left <= BETWEEN_HEARTBEATS_MILLIS) {
            throw new IOException("gave no whole answer within " + timeout.toMillis() + " ms", e);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("was interrupted while waiting for an answer");
    } catch (ExecutionException e) {
      throw new IOException(reason(Objects.requireNonNull(e.getCause())), e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static String reason(Throwable problem) {
    if (problem instanceof ConnectException) {
      return problem.getCause() instanceof UnresolvedAddressException
          ? "has a host name that is not known"
          : "refused the connection";
    }
    if (problem instanceof UnknownHostException) {
      return "has a host name that is not known";
    }
    if (problem instanceof HttpTimeoutException) {
      return "could not be connected to in time";
    }
    return "gave no answer: " + problem;
  }

  private static Map<String, String> joined(HttpResponse<?> response) {
    Map<String, String> joined = new TreeMap<>();
    response
        .headers()
        .map()
        .forEach(
            (name, values) -> joined.put(name.toLowerCase(Locale.ROOT), String.join(", ", values)));
    return joined;
  }
}
