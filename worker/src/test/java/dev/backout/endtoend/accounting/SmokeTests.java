package dev.backout.endtoend.accounting;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;

/** What the service's own people try after a change: whether its core endpoints answer. */
public final class SmokeTests {
  private SmokeTests() {}

  /**
   * @param words where the service is
   */
  public static void main(String[] words) throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    for (String path : List.of("/api/v1/accounts", "/readyz", "/api/v1/healthz")) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(words[0] + path)).build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      System.out.println(path + " " + answer.statusCode() + " " + answer.body());
      if (answer.statusCode() != 200 || answer.headers().firstValue("X-Request-ID").isEmpty()) {
        System.exit(1);
      }
    }
  }
}
