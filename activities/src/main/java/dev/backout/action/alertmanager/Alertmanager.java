package dev.backout.action.alertmanager;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.ActionException.Kind;
import dev.backout.action.TextOrSecret;
import dev.backout.action.web.Answer;
import dev.backout.action.web.Headers;
import dev.backout.action.web.Receiver;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The silences of a server, by version 2 of its API. */
final class Alertmanager {
  static final ObjectMapper JSON = new ObjectMapper();

  private final String base;
  private final Map<String, String> headers;
  private final Receiver receiver;

  private Alertmanager(String base, Map<String, String> headers, Receiver receiver) {
    this.base = base;
    this.headers = headers;
    this.receiver = receiver;
  }

  static Alertmanager at(
      URI url,
      @Nullable TextOrSecret token,
      Map<String, TextOrSecret> more,
      Duration timeout,
      ActionContext context)
      throws ActionException {
    URI address = Receiver.address(new TextOrSecret(url.toString()), context);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", "application/json");
    headers.putAll(Headers.revealed(token, more, context));
    return new Alertmanager(
        address.toString().replaceFirst("/+$", "") + "/api/v2/",
        headers,
        new Receiver("Alertmanager at " + url, timeout));
  }

  /** All that it keeps, also what has expired and is not forgotten yet. */
  JsonNode silences(ActionContext context) throws ActionException {
    return parsed(tell("GET", "silences", null, context));
  }

  /** The silence's id, which is a new one where the former can't be changed. */
  String put(JsonNode silence, ActionContext context) throws ActionException {
    return parsed(tell("POST", "silences", silence.toString(), context)).path("silenceID").asText();
  }

  void expire(String id, ActionContext context) throws ActionException {
    var unused = tell("DELETE", "silence/" + id, null, context);
  }

  private Answer tell(String method, String path, @Nullable String body, ActionContext context)
      throws ActionException {
    Answer answer = receiver.ask(method, URI.create(base + path), headers, body, context);
    if (answer.status() == 401 || answer.status() == 403) {
      throw new ActionException(
          Kind.NOT_ALLOWED,
          receiver.name()
              + " answered "
              + answer.status()
              + ": it doesn't let this worker in. See what `token` or `headers` hold.");
    }
    if (answer.status() != 200) {
      throw receiver.refused(answer, context);
    }
    return answer;
  }

  private JsonNode parsed(Answer answer) throws ActionException {
    try {
      return JSON.readTree(answer.text());
    } catch (JsonProcessingException e) {
      throw new ActionException(
          Kind.PERMANENT,
          receiver.name() + " did not answer as Alertmanager does. Is `url` its base, without /#/?",
          e);
    }
  }
}
