package dev.backout.action.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.action.ActionException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which workloads' pods read a Secret: by a variable, by all of its keys, or by a file. */
final class SecretUsers {
  /** What the object is called that names one, in a pod's template. */
  private static final Set<String> REFERENCES = Set.of("secretRef", "secretKeyRef", "secret");

  private SecretUsers() {}

  /** As `deployment/poller`, by name. */
  static List<String> of(String secret, Cluster cluster)
      throws ActionException, InterruptedException {
    List<String> users = new ArrayList<>();
    for (Type type : Workload.TYPES) {
      for (JsonNode each : cluster.list(type, "", "")) {
        if (reads(each.path("spec").path("template").path("spec"), secret)) {
          users.add(type.word() + "/" + each.path("metadata").path("name").asText());
        }
      }
    }
    return users.stream().sorted().toList();
  }

  private static boolean reads(JsonNode node, String secret) {
    for (Map.Entry<String, JsonNode> each : node.properties()) {
      if (REFERENCES.contains(each.getKey()) && names(each.getValue(), secret)) {
        return true;
      }
    }
    for (JsonNode each : node) {
      if (reads(each, secret)) {
        return true;
      }
    }
    return false;
  }

  private static boolean names(JsonNode reference, String secret) {
    return reference.path("name").asText().equals(secret)
        || reference.path("secretName").asText().equals(secret);
  }
}
