package dev.backout.postmortem;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backout.history.RunStatus;
import dev.backout.history.RunStatus.StepStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The files that steps name together with their SHA-256. */
final class FilesWithHashes {
  /** What outputs call the file whose hash stands beside it, the likeliest first. */
  private static final List<String> NAMES =
      List.of("path", "file", "database", "destination", "evidence", "backup");

  private FilesWithHashes() {}

  static List<Report.Evidence> of(RunStatus status) {
    List<Report.Evidence> found = new ArrayList<>();
    Steps.leaves(status).forEach(step -> collect(step, step.outputs(), found));
    return List.copyOf(found);
  }

  private static void collect(
      StepStatus step, @Nullable JsonNode node, List<Report.Evidence> found) {
    if (node == null || !node.isContainerNode()) {
      return;
    }
    named(node).ifPresent(file -> found.add(evidence(step, node, file)));
    node.forEach(child -> collect(step, child, found));
  }

  private static Optional<String> named(JsonNode node) {
    return node.path("sha256").isTextual()
        ? NAMES.stream()
            .map(node::path)
            .filter(JsonNode::isTextual)
            .map(JsonNode::asText)
            .findFirst()
        : Optional.empty();
  }

  private static Report.Evidence evidence(StepStatus step, JsonNode node, String file) {
    String detail =
        Stream.of("takenAt", "dataAsOf", "size")
            .filter(field -> node.path(field).isValueNode())
            .map(field -> field + " " + node.path(field).asText())
            .reduce((left, right) -> left + ", " + right)
            .orElse(null);
    return new Report.Evidence(step.path(), file, node.path("sha256").asText(), detail);
  }
}
