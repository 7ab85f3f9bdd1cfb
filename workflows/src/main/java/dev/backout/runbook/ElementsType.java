package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** What a loop goes through: a list as it stands, or an expression. */
record ElementsType() implements Type<Work.Elements> {

  @Override
  public Work.@Nullable Elements read(YamlNode node, Reading reading) {
    if (node instanceof YamlNode.Sequence sequence) {
      if (sequence.items().isEmpty()) {
        reading.error(node, "empty-list", "`" + reading.field() + "` is an empty list", null);
        return null;
      }
      return new Work.Listed((Value.Items) new ValueReader().read(node, reading));
    }
    if (node instanceof YamlNode.Scalar scalar && scalar.kind() == YamlNode.ScalarKind.TEXT) {
      Expression expression = new ExpressionType().read(node, reading);
      return expression == null ? null : new Work.Computed(expression);
    }
    reading.wrongType(node, label(), null);
    return null;
  }

  @Override
  public String label() {
    return "a list or an expression that gives one";
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    ObjectNode schema = SchemaDefinitions.object();
    schema.putArray("type").add("array").add("string");
    return schema.put("minItems", 1);
  }
}
