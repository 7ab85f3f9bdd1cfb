package dev.backout.action.prometheus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.web.Answer;
import dev.backout.action.web.WebRequest;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A Prometheus server's HTTP API. That it can't be asked says nothing of what it measures, so that
 * is of kind UNKNOWN_OUTCOME: no trigger holds by it.
 *
 * @param headers with secrets revealed
 */
record Server(URI url, Map<String, String> headers, Duration timeout) {
  private static final long MOST_READ = 16L << 20;
  private static final int SHOWN = 300;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What it says to a question: the whole answer, whose {@code status} is {@code success}.
   *
   * @param call such as {@code query_range}
   */
  JsonNode ask(String call, Map<String, String> parameters, ActionContext context)
      throws ActionException {
    Map<String, String> sent = new LinkedHashMap<>(headers);
    sent.put("Content-Type", "application/x-www-form-urlencoded");
    URI to = URI.create(url.toString().replaceFirst("/+$", "") + "/api/v1/" + call);
    Answer answer;
    try {
      answer = new WebRequest("POST", to, sent, form(parameters), timeout, MOST_READ).send(context);
    } catch (IOException e) {
      throw new ActionException(
          Kind.UNKNOWN_OUTCOME,
          "Prometheus at "
              + url
              + " "
              + e.getMessage()
              + ", so nobody knows what it measures. See whether it runs and listens there.",
          e);
    }
    return understood(answer, context);
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(
            each ->
                each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private JsonNode understood(Answer answer, ActionContext context) throws ActionException {
    int status = answer.status();
    if (status == 401 || status == 403) {
      throw new ActionException(
          Kind.NOT_ALLOWED,
          "Prometheus at "
              + url
              + " answered "
              + status
              + ": it doesn't let this worker in. See that `token` or `headers` hold what it wants"
              + (headers.isEmpty() ? "; nothing was sent." : "."));
    }
    JsonNode said = parsed(answer.text());
    if (status == 200 && said.path("status").asText().equals("success")) {
      return said;
    }
    String words = context.mask(said.path("error").asText(beginning(answer.text())));
    if (said.has("errorType") && (status == 400 || status == 422)) {
      throw new ActionException(
          Kind.INVALID_INPUT,
          "Prometheus can't answer the query: "
              + words
              + ". Correct `query`; promtool checks it too.");
    }
    if (status == 404 || said.isMissingNode()) {
      throw new ActionException(
          status >= 500 ? Kind.UNKNOWN_OUTCOME : Kind.INVALID_INPUT,
          to(status)
              + " and not as Prometheus does: "
              + words
              + ". Is `url` its base, without /graph?");
    }
    throw new ActionException(Kind.UNKNOWN_OUTCOME, to(status) + ": " + words);
  }

  private String to(int status) {
    return "Prometheus at " + url + " answered " + status;
  }

  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  private static String beginning(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() > SHOWN ? line.substring(0, SHOWN) + "…" : line;
  }
}
