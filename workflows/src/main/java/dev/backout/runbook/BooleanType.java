package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.YamlNode.Scalar;
import dev.backout.runbook.YamlNode.ScalarKind;
import org.jspecify.annotations.Nullable;

/** {@code true} or {@code false}, and no other word. */
public record BooleanType() implements Type<Located<Boolean>> {

  @Override
  public @Nullable Located<Boolean> read(YamlNode node, Reading reading) {
    if (!(node instanceof Scalar scalar) || scalar.kind() != ScalarKind.BOOLEAN) {
      reading.wrongType(node, label(), "YAML 1.2 knows `true` and `false` only");
      return null;
    }
    return new Located<>(Boolean.parseBoolean(scalar.text()), reading.range(node));
  }

  @Override
  public String label() {
    return "true or false";
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    return SchemaDefinitions.object().put("type", "boolean");
  }
}
