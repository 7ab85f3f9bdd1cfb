package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.YamlNode.Scalar;
import org.jspecify.annotations.Nullable;

/** Text for people that may hold <code>${{ … }}</code>. */
record TemplateType() implements Type<Template> {

  @Override
  public @Nullable Template read(YamlNode node, Reading reading) {
    Scalar scalar = TextType.scalar(node, "text", reading);
    return scalar == null ? null : Templates.read(scalar, reading);
  }

  @Override
  public String label() {
    return "text that may hold `${{ … }}`";
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    return SchemaDefinitions.text().put("minLength", 1);
  }
}
