package dev.backout.action.web;

import dev.backout.action.ActionContext;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request to a web service, for actions that speak with one. Redirects are answers like any
 * other, so that no header goes to another server; certificates and proxies are Java's.
 *
 * @param headers with secrets revealed
 * @param body null for none
 * @param timeout for the whole answer
 * @param maxBody how many bytes of the answer are read; the rest is dropped
 */
public record WebRequest(
    String method,
    URI url,
    Map<String, String> headers,
    @Nullable String body,
    Duration timeout,
    long maxBody) {

  /**
   * Whatever it is that was answered.
   *
   * @throws IOException with the end of a sentence on why there is no answer: "refused the
   *     connection"
   */
  public Answer send(ActionContext context) throws IOException {
    HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(timeout)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    return new Exchange(client, method, body, headers, timeout, maxBody, false).send(url, context);
  }
}
