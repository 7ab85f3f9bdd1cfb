package dev.backout.action.channel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.action.ActionContext;
import dev.backout.action.ActionException;
import dev.backout.action.TextOrSecret;
import dev.backout.action.web.Answer;
import dev.backout.action.web.Headers;
import dev.backout.action.web.Receiver;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON to and from a service, with a token. */
record Bodies(Receiver receiver, String base, Map<String, String> headers) {
  static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param scheme what stands before the token: {@code Bearer}
   */
  static Bodies to(
      Receiver receiver, URI base, String scheme, TextOrSecret token, ActionContext context)
      throws ActionException {
    URI address = Receiver.address(new TextOrSecret(base.toString()), context);
    String value = context.reveal(token.text()).strip();
    context.conceal(value);
    Map<String, TextOrSecret> said =
        Map.of("Authorization", new TextOrSecret(scheme + " " + value));
    Map<String, String> headers = new LinkedHashMap<>(Headers.revealed(said, context));
    headers.put("Content-Type", "application/json; charset=utf-8");
    headers.put("Accept", "application/json");
    return new Bodies(receiver, address.toString().replaceFirst("/+$", ""), headers);
  }

  Bodies with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Bodies(receiver, base, more);
  }

  JsonNode get(String path, ActionContext context) throws ActionException {
    return parsed(receiver.tell("GET", URI.create(base + path), headers, null, context));
  }

  /** As {@link #get}, with whatever status. */
  Answer ask(String path, ActionContext context) throws ActionException {
    return receiver.ask("GET", URI.create(base + path), headers, null, context);
  }

  JsonNode send(String method, String path, ObjectNode body, ActionContext context)
      throws ActionException {
    return parsed(
        receiver.tell(method, URI.create(base + path), headers, body.toString(), context));
  }

  static JsonNode parsed(Answer answer) {
    try {
      JsonNode json = JSON.readTree(answer.text());
      return json == null ? JSON.missingNode() : json;
    } catch (JsonProcessingException e) {
      return JSON.missingNode();
    }
  }

  static String head(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - 1) + "…";
  }

  static String encoded(@Nullable String text) {
    return java.net.URLEncoder.encode(String.valueOf(text), StandardCharsets.UTF_8);
  }
}
