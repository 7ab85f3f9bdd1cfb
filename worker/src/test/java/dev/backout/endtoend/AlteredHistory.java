package dev.backout.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.plan.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** An exported history in the hands of somebody who wants it to say something else. */
final class AlteredHistory {
  private final ObjectNode history;

  private AlteredHistory(ObjectNode history) {
    this.history = history;
  }

  static AlteredHistory of(Path export) throws Exception {
    return new AlteredHistory((ObjectNode) Json.MAPPER.readTree(Files.readString(export)));
  }

  /** Rewrites what Backout wrote into the events of this type that hold {@code text}. */
  AlteredHistory rewrite(String eventType, String text, UnaryOperator<String> how) {
    for (JsonNode event : events()) {
      if (event.path("eventType").asText().equals(eventType)) {
        payloads(event, content -> content.contains(text), how);
      }
    }
    return this;
  }

  AlteredHistory everywhere(String text, String other) {
    payloads(history, content -> content.contains(text), content -> content.replace(text, other));
    return this;
  }

  /** As a server that authenticates callers stamps it. */
  AlteredHistory stamped(String eventType, String type, String name) {
    for (JsonNode event : events()) {
      if (event.path("eventType").asText().equals(eventType)) {
        ((ObjectNode) event).putObject("principal").put("type", type).put("name", name);
      }
    }
    return this;
  }

  /** The events stay numbered as they were. */
  AlteredHistory remove(Predicate<String> which) {
    ArrayNode kept = Json.MAPPER.createArrayNode();
    events().forEach(event -> keep(event, which, kept));
    history.set("events", kept);
    return this;
  }

  /** The events are numbered anew, so that no gap shows. */
  AlteredHistory renumbered() {
    int number = 1;
    for (JsonNode event : events()) {
      ((ObjectNode) event).put("eventId", String.valueOf(number++));
    }
    return this;
  }

  private static void keep(JsonNode event, Predicate<String> which, ArrayNode kept) {
    StringBuilder said = new StringBuilder(event.path("eventType").asText());
    payloads(
        event,
        content -> true,
        content -> {
          said.append(content);
          return content;
        });
    if (!which.test(said.toString())) {
      kept.add(event);
    }
  }

  Path write(Path file) throws Exception {
    return Files.writeString(file, history.toString());
  }

  private ArrayNode events() {
    return (ArrayNode) history.get("events");
  }

  private static void payloads(JsonNode node, Predicate<String> which, UnaryOperator<String> how) {
    if (node instanceof ObjectNode object
        && object.path("data").isTextual()
        && object.has("metadata")) {
      String content =
          new String(
              Base64.getDecoder().decode(object.get("data").asText()), StandardCharsets.UTF_8);
      if (which.test(content)) {
        object.put(
            "data",
            Base64.getEncoder()
                .encodeToString(how.apply(content).getBytes(StandardCharsets.UTF_8)));
      }
      return;
    }
    node.forEach(child -> payloads(child, which, how));
  }
}
