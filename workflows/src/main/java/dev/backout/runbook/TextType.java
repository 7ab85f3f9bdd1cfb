package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.YamlNode.Scalar;
import dev.backout.runbook.YamlNode.ScalarKind;
import org.jspecify.annotations.Nullable;

/** Text for people, without expressions. */
public record TextType() implements Type<Located<String>> {

  @Override
  public @Nullable Located<String> read(YamlNode node, Reading reading) {
    Scalar scalar = scalar(node, label(), reading);
    if (scalar == null) {
      return null;
    }
    if (scalar.text().contains("${{")) {
      reading.error(
          node,
          "expression-not-allowed",
          "`" + reading.field() + "` is read before a run and can't hold `${{ … }}`",
          "Write it out");
      return null;
    }
    return new Located<>(scalar.text(), reading.range(node));
  }

  /** The node as text that isn't blank, or null after a report. */
  static @Nullable Scalar scalar(YamlNode node, String label, Reading reading) {
    if (!(node instanceof Scalar scalar) || scalar.kind() != ScalarKind.TEXT) {
      reading.wrongType(node, label, hint(node));
      return null;
    }
    if (scalar.text().isBlank()) {
      reading.error(node, "empty-text", "`" + reading.field() + "` says nothing", null);
      return null;
    }
    return scalar;
  }

  private static @Nullable String hint(YamlNode node) {
    if (node instanceof Scalar scalar && scalar.kind() != ScalarKind.NULL) {
      return "Put it in quotes: \"" + Shown.text(scalar.text()) + "\"";
    }
    return node instanceof YamlNode.Mapping || node instanceof YamlNode.Sequence
        ? "Text that begins with `{` or `[` or holds `: ` needs quotes"
        : null;
  }

  @Override
  public String label() {
    return "text";
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    return SchemaDefinitions.text().put("minLength", 1);
  }
}
