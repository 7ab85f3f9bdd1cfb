package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.YamlNode.Scalar;
import dev.backout.runbook.YamlNode.ScalarKind;
import org.jspecify.annotations.Nullable;

/** CEL, bare or as a single <code>${{ … }}</code>. */
record ExpressionType() implements Type<Expression> {

  @Override
  public @Nullable Expression read(YamlNode node, Reading reading) {
    if (!(node instanceof Scalar scalar) || scalar.kind() == ScalarKind.NULL) {
      reading.wrongType(node, label(), hint(node));
      return null;
    }
    String text = scalar.text();
    TextMap places = ScalarMap.of(reading.source(), scalar);
    if (!text.contains(Templates.OPEN)) {
      return bare(scalar, places, reading);
    }
    int open = text.indexOf(Templates.OPEN);
    int close = Templates.closing(text, open + Templates.OPEN.length());
    boolean whole =
        text.substring(0, open).isBlank()
            && close >= 0
            && text.substring(close + Templates.CLOSE.length()).isBlank();
    if (whole) {
      return Templates.expression(text, open + Templates.OPEN.length(), close, places, reading);
    }
    reading.error(
        node,
        close < 0 ? "unclosed-expression" : "mixed-expression",
        close < 0
            ? "`${{` is never closed"
            : "`" + reading.field() + "` is one expression, and this has text beside `${{ … }}`",
        "Write the expression alone, without `${{ }}`");
    return null;
  }

  private static @Nullable Expression bare(Scalar scalar, TextMap places, Reading reading) {
    if (scalar.text().isBlank()) {
      reading.error(scalar, "empty-text", "`" + reading.field() + "` says nothing", null);
      return null;
    }
    return Templates.expression(scalar.text(), 0, scalar.text().length(), places, reading);
  }

  private static @Nullable String hint(YamlNode node) {
    return node instanceof YamlNode.Mapping || node instanceof YamlNode.Sequence
        ? "An expression that begins with `{` or `[` or holds `: ` needs quotes"
        : null;
  }

  @Override
  public String label() {
    return "an expression";
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    ObjectNode schema = SchemaDefinitions.object();
    ArrayNode types = schema.putArray("type");
    types.add("string").add("boolean");
    return schema;
  }
}
