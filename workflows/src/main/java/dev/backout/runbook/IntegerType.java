package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.YamlNode.Scalar;
import dev.backout.runbook.YamlNode.ScalarKind;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A whole number between two bounds, both included. */
public record IntegerType(int least, int most) implements Type<Located<Integer>> {

  @Override
  public @Nullable Located<Integer> read(YamlNode node, Reading reading) {
    if (!(node instanceof Scalar scalar) || scalar.kind() != ScalarKind.INTEGER) {
      reading.wrongType(node, label(), null);
      return null;
    }
    Optional<BigDecimal> number = Numbers.read(scalar.text());
    if (number.isEmpty()
        || number.get().compareTo(BigDecimal.valueOf(least)) < 0
        || number.get().compareTo(BigDecimal.valueOf(most)) > 0) {
      reading.error(
          node,
          "out-of-range",
          "`" + reading.field() + "` must be " + label() + ", not " + Shown.text(scalar.text()),
          null);
      return null;
    }
    return new Located<>(number.get().intValueExact(), reading.range(node));
  }

  @Override
  public String label() {
    return "a whole number from " + least + " to " + most;
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    return SchemaDefinitions.object()
        .put("type", "integer")
        .put("minimum", least)
        .put("maximum", most);
  }
}
