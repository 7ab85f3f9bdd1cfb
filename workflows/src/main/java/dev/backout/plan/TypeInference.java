package dev.backout.plan;

import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;
import dev.backout.runbook.Value;
import dev.backout.runbook.expression.ExpressionChecker;
import dev.backout.runbook.expression.Names;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The type of values that a runbook spells out where no type is asked for. */
final class TypeInference {
  private final Names names;

  TypeInference(Names names) {
    this.names = names;
  }

  /** {@code Any} if they differ, or if there is none. */
  ValueType elementOf(Value.Items items) {
    Set<ValueType> types = new LinkedHashSet<>();
    items.items().forEach(item -> types.add(of(item)));
    return types.size() == 1 ? types.iterator().next() : new ValueType.Any();
  }

  private ValueType of(Value value) {
    if (value instanceof Value.Bool) {
      return new ValueType.Scalar(ScalarKind.BOOLEAN);
    } else if (value instanceof Value.Int) {
      return new ValueType.Scalar(ScalarKind.INTEGER);
    } else if (value instanceof Value.Number) {
      return new ValueType.Scalar(ScalarKind.NUMBER);
    } else if (value instanceof Value.Text text) {
      return text.template()
          .whole()
          .map(expression -> ExpressionChecker.check(expression.cel(), names).type())
          .orElse(new ValueType.Scalar(ScalarKind.STRING));
    } else if (value instanceof Value.Items items) {
      return new ValueType.ListOf(elementOf(items));
    } else if (value instanceof Value.Fields fields) {
      Map<String, ValueType.Field> known = new LinkedHashMap<>();
      fields
          .entries()
          .forEach(
              entry ->
                  known.put(
                      entry.key().value(), new ValueType.Field(of(entry.value()), "", true, null)));
      return new ValueType.Struct(known);
    }
    return new ValueType.Any();
  }
}
