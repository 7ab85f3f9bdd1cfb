package dev.backout.workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.plan.Json;
import dev.backout.runbook.Occasion;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Locale;

/** The form in which events leave: CloudEvents 1.0, structured, as JSON. */
final class CloudEvent {
  private static final String TYPE = "dev.backout.run.";

  private CloudEvent() {}

  /**
   * @param number how many events the run has sent before; receivers can put them in order by it
   */
  static JsonNode of(
      String id,
      int number,
      String namespace,
      String workflowId,
      Occasion occasion,
      Instant at,
      String subject,
      JsonNode data) {
    ObjectNode event = Json.MAPPER.createObjectNode();
    event.put("specversion", "1.0");
    event.put("id", id);
    event.put("source", path("/temporal/" + namespace + "/" + workflowId));
    event.put("type", TYPE + occasion.word());
    event.put("subject", subject);
    event.put("time", at.toString());
    event.put("sequence", String.format(Locale.ROOT, "%06d", number));
    event.put("datacontenttype", "application/json");
    event.set("data", data);
    return event;
  }

  private static String path(String text) {
    try {
      return new URI(null, null, text, null).getRawPath();
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(text, e);
    }
  }
}
