package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.YamlNode.Scalar;
import dev.backout.runbook.YamlNode.ScalarKind;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A span of time.
 *
 * @param zero whether no time at all is one
 */
record DurationType(boolean zero) implements Type<Located<Duration>> {

  /** Longer than no time. */
  DurationType() {
    this(false);
  }

  @Override
  public @Nullable Located<Duration> read(YamlNode node, Reading reading) {
    if (!(node instanceof Scalar scalar)) {
      reading.wrongType(node, label(), null);
      return null;
    }
    Optional<Duration> duration =
        scalar.kind() == ScalarKind.TEXT ? Durations.parse(scalar.text()) : Optional.empty();
    if (duration.isEmpty()) {
      reading.wrongType(node, label(), hint(scalar));
      return null;
    }
    if (duration.get().isZero() && !zero) {
      reading.error(
          node, "out-of-range", "`" + reading.field() + "` must be longer than no time", null);
      return null;
    }
    return new Located<>(duration.get(), reading.range(node));
  }

  private static @Nullable String hint(Scalar scalar) {
    if (scalar.kind() == ScalarKind.INTEGER) {
      return "Say the unit: `"
          + scalar.text()
          + "s` for seconds, `"
          + scalar.text()
          + "m` for minutes";
    }
    if (scalar.text().contains(Templates.OPEN)) {
      return "It is fixed when the plan is made: write it out";
    }
    return "The units are d, h, m, s and ms, the largest first: 1h30m";
  }

  @Override
  public String label() {
    return "a duration such as 90s, 15m or 24h";
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    return definitions.reference("duration", DurationType::definition);
  }

  static ObjectNode definition() {
    ObjectNode definition = SchemaDefinitions.object();
    definition.put("description", "A duration: 90s, 15m, 1h30m, 7d, 250ms, or ISO 8601.");
    definition.put("type", "string").put("pattern", Durations.PATTERN + "|^P[0-9DTHMS.]+$");
    return definition;
  }
}
