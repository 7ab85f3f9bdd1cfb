package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.action.Doc;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What keeps a number of pods running, and how far it is with what was last asked of it. */
public record Workload(
    @Doc("As `deployment/poller`.") String workload,
    @Doc("How many pods it should have.") int replicas,
    @Doc("How many of them are of the newest kind.") int updated,
    @Doc("How many are ready.") int ready,
    @Doc("How many have been ready for long enough to count.") int available,
    @Doc("How many pods it has, those of former kinds too.") int present,
    @Doc("Whether its controller has seen what was last asked of it.") boolean observed,
    @Doc("Its containers' images, by container.") Map<String, String> images) {
  static final List<Type> TYPES = List.of(Type.DEPLOYMENT, Type.STATEFUL_SET);

  static Workload of(Ref ref, JsonNode object) {
    JsonNode status = object.path("status");
    int present = status.path("replicas").asInt();
    boolean set = ref.type() == Type.STATEFUL_SET;
    // A set that isn't being updated says nothing of updated pods.
    boolean still =
        set
            && status
                .path("currentRevision")
                .asText()
                .equals(status.path("updateRevision").asText());
    return new Workload(
        ref.toString(),
        object.path("spec").path("replicas").asInt(1),
        still ? present : status.path("updatedReplicas").asInt(),
        status.path("readyReplicas").asInt(),
        status.path("availableReplicas").asInt(),
        present,
        status.path("observedGeneration").asLong()
            >= object.path("metadata").path("generation").asLong(),
        StreamSupport.stream(containers(object).spliterator(), false)
            .collect(
                Collectors.toMap(
                    each -> each.path("name").asText(), each -> each.path("image").asText())));
  }

  static JsonNode containers(JsonNode object) {
    return object.path("spec").path("template").path("spec").path("containers");
  }

  /** Whether it is as it should be, with no pod of a former kind left. */
  boolean isComplete() {
    return observed
        && updated == replicas
        && ready == replicas
        && available == replicas
        && present == replicas;
  }

  /** Its pods' labels, as a selector. */
  static String selector(JsonNode object) throws ActionException {
    JsonNode selector = object.path("spec").path("selector");
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, JsonNode> each : selector.path("matchLabels").properties()) {
      text.append(text.isEmpty() ? "" : ",")
          .append(each.getKey())
          .append('=')
          .append(each.getValue().asText());
    }
    for (JsonNode each : selector.path("matchExpressions")) {
      text.append(text.isEmpty() ? "" : ",").append(expression(each));
    }
    return text.toString();
  }

  private static String expression(JsonNode expression) {
    String key = expression.path("key").asText();
    String values =
        StreamSupport.stream(expression.path("values").spliterator(), false)
            .map(JsonNode::asText)
            .collect(Collectors.joining(","));
    return switch (expression.path("operator").asText()) {
      case "In" -> key + " in (" + values + ")";
      case "NotIn" -> key + " notin (" + values + ")";
      case "DoesNotExist" -> "!" + key;
      default -> key;
    };
  }

  @Override
  public String toString() {
    return workload
        + ": "
        + ready
        + " of "
        + replicas
        + " ready, "
        + updated
        + " of the newest kind, "
        + present
        + " in all";
  }
}
