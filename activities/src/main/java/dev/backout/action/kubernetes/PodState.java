package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import dev.backout.action.Doc;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** How a pod does. */
public record PodState(
    @Doc("Its name.") String name,
    @Doc("`Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`, or `Terminating`.") String phase,
    @Doc("Whether it takes traffic.") boolean ready,
    @Doc("How often its containers have been restarted.") int restarts,
    @Doc("Its containers' images.") List<String> images,
    @Doc("The node it is on; absent if it has none yet.") @Nullable String node,
    @Doc("Why it isn't ready, as far as Kubernetes says; absent if it is.")
        @Nullable String reason) {

  static PodState of(JsonNode pod) {
    JsonNode status = pod.path("status");
    boolean leaving = pod.path("metadata").hasNonNull("deletionTimestamp");
    boolean ready = !leaving && condition(status, "Ready").path("status").asText().equals("True");
    return new PodState(
        pod.path("metadata").path("name").asText(),
        leaving ? "Terminating" : status.path("phase").asText("Unknown"),
        ready,
        containers(status).mapToInt(each -> each.path("restartCount").asInt()).sum(),
        stream(pod.path("spec").path("containers"))
            .map(each -> each.path("image").asText())
            .toList(),
        pod.path("spec").path("nodeName").asText(null),
        ready ? null : reason(pod).orElse(null));
  }

  /**
   * @param labels a label selector
   * @return by name
   */
  static List<PodState> list(Cluster cluster, String labels)
      throws ActionException, InterruptedException {
    return cluster.list(Type.POD, labels, "").stream()
        .map(PodState::of)
        .sorted(Comparator.comparing(PodState::name))
        .toList();
  }

  boolean isLeaving() {
    return phase.equals("Terminating");
  }

  /** Whether it has come to its end, as a job's pod does. */
  boolean isOver() {
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  private static Optional<String> reason(JsonNode pod) {
    JsonNode status = pod.path("status");
    List<String> reasons = new ArrayList<>();
    containers(status).forEach(each -> container(each).ifPresent(reasons::add));
    if (reasons.isEmpty()) {
      Stream.of("PodScheduled", "Ready")
          .map(type -> condition(status, type))
          .filter(each -> each.path("status").asText().equals("False"))
          .findFirst()
          .ifPresent(each -> reasons.add(words(each)));
    }
    if (reasons.isEmpty() && status.hasNonNull("reason")) {
      reasons.add(words(status));
    }
    return reasons.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reasons));
  }

  private static Optional<String> container(JsonNode container) {
    JsonNode waiting = container.path("state").path("waiting");
    if (waiting.hasNonNull("reason")
        && !waiting.path("reason").asText().equals("ContainerCreating")) {
      return Optional.of(container.path("name").asText() + ": " + words(waiting));
    }
    JsonNode ended = container.path("state").path("terminated");
    return ended.hasNonNull("exitCode") && ended.path("exitCode").asInt() != 0
        ? Optional.of(
            container.path("name").asText()
                + ": ended with exit code "
                + ended.path("exitCode").asInt())
        : Optional.empty();
  }

  private static String words(JsonNode said) {
    String message = said.path("message").asText("");
    return said.path("reason").asText() + (message.isEmpty() ? "" : " (" + message + ")");
  }

  private static Stream<JsonNode> containers(JsonNode status) {
    return Stream.concat(
        stream(status.path("initContainerStatuses")), stream(status.path("containerStatuses")));
  }

  static JsonNode condition(JsonNode status, String type) {
    return stream(status.path("conditions"))
        .filter(each -> each.path("type").asText().equals(type))
        .findFirst()
        .orElse(com.fasterxml.jackson.databind.node.MissingNode.getInstance());
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  @Override
  public String toString() {
    return name + " is " + phase + (reason == null ? "" : ": " + reason);
  }
}
