package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.runbook.YamlNode.Mapping;
import dev.backout.runbook.YamlNode.Scalar;
import dev.backout.runbook.YamlNode.Sequence;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Any value: what an action's input holds. */
record ValueReader() implements Type<Value> {

  @Override
  public Value read(YamlNode node, Reading reading) {
    SourceRange range = reading.range(node);
    if (node instanceof Scalar scalar) {
      return scalar(scalar, range, reading);
    }
    if (node instanceof Sequence sequence) {
      return new Value.Items(
          sequence.items().stream().map(item -> read(item, reading)).toList(), range);
    }
    return node instanceof Mapping mapping ? fields(mapping, reading) : new Value.Unreadable(range);
  }

  Value.Fields fields(Mapping mapping, Reading reading) {
    List<Value.Entry> entries =
        mapping.pairs().stream()
            .map(
                pair ->
                    new Value.Entry(
                        new Located<>(pair.key().text(), reading.range(pair.key())),
                        read(pair.value(), reading.of(Shown.word(pair.key().text())))))
            .toList();
    return new Value.Fields(entries, reading.range(mapping));
  }

  private static Value scalar(Scalar scalar, SourceRange range, Reading reading) {
    return switch (scalar.kind()) {
      case NULL -> new Value.Null(range);
      case BOOLEAN -> new Value.Bool(Boolean.parseBoolean(scalar.text()), range);
      case INTEGER, NUMBER -> number(scalar, range, reading);
      case TEXT -> new Value.Text(Templates.read(scalar, reading), range);
    };
  }

  private static Value number(Scalar scalar, SourceRange range, Reading reading) {
    Optional<BigDecimal> number = Numbers.read(scalar.text());
    if (number.isEmpty()) {
      return outOfRange(scalar, range, reading);
    }
    if (scalar.kind() == YamlNode.ScalarKind.NUMBER) {
      return new Value.Number(number.get(), range);
    }
    try {
      return new Value.Int(number.get().longValueExact(), range);
    } catch (ArithmeticException e) {
      return outOfRange(scalar, range, reading);
    }
  }

  private static Value outOfRange(Scalar scalar, SourceRange range, Reading reading) {
    reading.error(
        scalar,
        "out-of-range",
        "The number " + Shown.text(scalar.text()) + " can't be held",
        "Put it in quotes if it is text");
    return new Value.Unreadable(range);
  }

  @Override
  public String label() {
    return "any value";
  }

  @Override
  public ObjectNode schema(SchemaDefinitions definitions) {
    return SchemaDefinitions.object();
  }

  /** An object of any values: {@code with}. */
  record FieldsReader() implements Type<Value.Fields> {
    @Override
    public Value.@Nullable Fields read(YamlNode node, Reading reading) {
      if (node instanceof Mapping mapping) {
        return new ValueReader().fields(mapping, reading);
      }
      reading.wrongType(node, label(), null);
      return null;
    }

    @Override
    public String label() {
      return "an object";
    }

    @Override
    public ObjectNode schema(SchemaDefinitions definitions) {
      return SchemaDefinitions.object().put("type", "object");
    }
  }
}
