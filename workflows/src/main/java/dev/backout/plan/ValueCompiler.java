package dev.backout.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.catalog.ValueType;
import dev.backout.catalog.ValueType.ScalarKind;
import dev.backout.runbook.Diagnostics;
import dev.backout.runbook.Expression;
import dev.backout.runbook.SourceRange;
import dev.backout.runbook.Suggestion;
import dev.backout.runbook.Template;
import dev.backout.runbook.Value;
import dev.backout.runbook.expression.Assignment;
import dev.backout.runbook.expression.Checked;
import dev.backout.runbook.expression.Names;
import dev.backout.runbook.expression.TypeText;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Values of a runbook to the plan's JSON, each checked against the type of the field it goes into.
 */
final class ValueCompiler {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Diagnostics diagnostics;
  private final Expressions expressions;
  private final LiteralText literals;
  private final UnaryOperator<String> form;

  private ValueCompiler(Diagnostics diagnostics, UnaryOperator<String> form) {
    this.diagnostics = diagnostics;
    this.expressions = new Expressions(diagnostics);
    this.literals = new LiteralText(diagnostics);
    this.form = form;
  }

  /** For what a run renders before it uses it. */
  static ValueCompiler ofTemplates(Diagnostics diagnostics) {
    return new ValueCompiler(diagnostics, Expressions::written);
  }

  /** For inputs: nothing in their values is ever evaluated. */
  static ValueCompiler ofValues(Diagnostics diagnostics) {
    return new ValueCompiler(diagnostics, UnaryOperator.identity());
  }

  /**
   * The fields of an action's or a child runbook's input.
   *
   * @param owner who wants them, for messages
   * @param ownerRange where a field that is missing is reported
   */
  ObjectNode struct(
      Value.Fields fields,
      ValueType.Struct type,
      String owner,
      SourceRange ownerRange,
      Names names) {
    ObjectNode json = JSON.objectNode();
    Set<String> given = new HashSet<>();
    for (Value.Entry entry : fields.entries()) {
      String name = entry.key().value();
      ValueType.Field field = type.fields().get(name);
      if (field == null) {
        unknownField(entry, owner, type).ifPresent(given::add);
      } else {
        given.add(name);
        json.set(name, value(entry.value(), field.type(), !field.required(), names));
      }
    }
    missingFields(given, type, owner, ownerRange);
    return json;
  }

  /** Gives the field that seems to be meant, so that it isn't called missing too. */
  private Optional<String> unknownField(Value.Entry entry, String owner, ValueType.Struct type) {
    String name = entry.key().value();
    Optional<String> nearest = Suggestion.nearest(name, type.fields().keySet());
    diagnostics.error(
        entry.key().range(),
        "unknown-field",
        owner + " has no field `" + name + "`",
        nearest
            .map(word -> "Did you mean `" + word + "`?")
            .orElse(
                type.fields().isEmpty()
                    ? "It has none"
                    : "It has `" + String.join("`, `", type.fields().keySet()) + "`"));
    return nearest;
  }

  private void missingFields(
      Set<String> given, ValueType.Struct type, String owner, SourceRange range) {
    for (Map.Entry<String, ValueType.Field> entry : type.fields().entrySet()) {
      if (entry.getValue().required() && !given.contains(entry.getKey())) {
        diagnostics.error(
            range,
            "missing-field",
            owner + " needs the field `" + entry.getKey() + "`",
            "Give it " + TypeText.one(entry.getValue().type()));
      }
    }
  }

  /**
   * @param optional whether the field may be left out, so that an expression may give nothing
   */
  JsonNode value(Value value, ValueType type, boolean optional, Names names) {
    if (value instanceof Value.Text text) {
      return template(text.template(), type, optional, names);
    } else if (value instanceof Value.Unreadable) {
      return JSON.nullNode();
    } else if (value instanceof Value.Items items) {
      return items(items, type, names);
    } else if (value instanceof Value.Fields fields) {
      return fields(fields, type, names);
    }
    return scalar(value, type);
  }

  private JsonNode template(Template template, ValueType type, boolean optional, Names names) {
    if (template.isLiteral()) {
      JsonNode literal = literals.read(template, type);
      return literal.isTextual() ? JSON.textNode(form.apply(literal.textValue())) : literal;
    }
    Optional<Expression> whole = template.whole();
    if (whole.isPresent()) {
      whole(whole.get(), type, optional, names);
    } else {
      template.expressions().forEach(expression -> part(expression, names));
      if (!takesComposedText(type)) {
        wrongType(template.range(), type, "a text with an expression in it", null);
      }
    }
    return JSON.textNode(Expressions.written(template));
  }

  private void whole(Expression expression, ValueType type, boolean optional, Names names) {
    Checked checked = expressions.check(expression, names);
    if (checked.optional() && !optional) {
      expressions.absent(expression.range());
    } else if (isSecret(checked.type()) && isPlainText(type)) {
      secretInPlainField(expression.range());
    } else if (!Assignment.allows(type, checked.type())) {
      wrongType(
          expression.range(), type, TypeText.one(checked.type()), conversion(type, checked.type()));
    }
  }

  private void part(Expression expression, Names names) {
    if (isSecret(expressions.inText(expression, names).type())) {
      diagnostics.error(
          expression.range(),
          "secret-in-text",
          "A secret is only a reference until the action uses it, and can't be part of a text",
          "Give the whole field as the secret");
    }
  }

  private void secretInPlainField(SourceRange range) {
    diagnostics.error(
        range,
        "secret-in-plain-field",
        "This field is not made for a secret: it would stand in the run's history",
        "Use a field that takes `secret:NAME`");
  }

  private static @Nullable String conversion(ValueType wanted, ValueType found) {
    if (isPlainText(wanted) && found instanceof ValueType.Scalar && !isPlainText(found)) {
      return "`string(…)` makes text of it";
    }
    return wanted instanceof ValueType.ListOf list && Assignment.allows(list.element(), found)
        ? "Put it in a list: `[…]`"
        : null;
  }

  private JsonNode items(Value.Items items, ValueType type, Names names) {
    if (!(type instanceof ValueType.ListOf) && !(type instanceof ValueType.Any)) {
      wrongType(items.range(), type, "a list", null);
      return JSON.nullNode();
    }
    ValueType element = type instanceof ValueType.ListOf list ? list.element() : type;
    ArrayNode json = JSON.arrayNode();
    items.items().forEach(item -> json.add(value(item, element, true, names)));
    return json;
  }

  private JsonNode fields(Value.Fields fields, ValueType type, Names names) {
    if (type instanceof ValueType.Struct struct) {
      return struct(fields, struct, "This object", fields.range(), names);
    }
    if (!(type instanceof ValueType.MapOf) && !(type instanceof ValueType.Any)) {
      wrongType(fields.range(), type, "an object", null);
      return JSON.nullNode();
    }
    ValueType element = type instanceof ValueType.MapOf map ? map.value() : type;
    ObjectNode json = JSON.objectNode();
    fields
        .entries()
        .forEach(
            entry -> json.set(entry.key().value(), value(entry.value(), element, true, names)));
    return json;
  }

  private JsonNode scalar(Value value, ValueType type) {
    if (type instanceof ValueType.Any) {
      return plain(value);
    }
    ScalarKind kind = type instanceof ValueType.Scalar scalar ? scalar.kind() : null;
    boolean fits =
        value instanceof Value.Bool
            ? kind == ScalarKind.BOOLEAN
            : value instanceof Value.Int number
                ? kind == ScalarKind.INTEGER
                    || kind == ScalarKind.NUMBER
                    || (kind == ScalarKind.SIZE && number.value() >= 0)
                : value instanceof Value.Number && kind == ScalarKind.NUMBER;
    if (!fits) {
      wrongType(value.range(), type, found(value), mended(value, kind));
    }
    return plain(value);
  }

  private static JsonNode plain(Value value) {
    if (value instanceof Value.Bool bool) {
      return JSON.booleanNode(bool.value());
    } else if (value instanceof Value.Int number) {
      return JSON.numberNode(number.value());
    } else if (value instanceof Value.Number number) {
      return JSON.numberNode(number.value());
    }
    return JSON.nullNode();
  }

  private static String found(Value value) {
    if (value instanceof Value.Bool bool) {
      return "`" + bool.value() + "`";
    } else if (value instanceof Value.Int number) {
      return "the number " + number.value();
    } else if (value instanceof Value.Number number) {
      return "the number " + number.value();
    }
    return "nothing";
  }

  private static @Nullable String mended(Value value, @Nullable ScalarKind kind) {
    if (value instanceof Value.Null) {
      return "Leave the field out, or give it a value";
    }
    if (kind == ScalarKind.DURATION && value instanceof Value.Int number) {
      return "With a unit: `" + number.value() + "s`, `" + number.value() + "m`";
    }
    return kind == ScalarKind.STRING || kind == ScalarKind.TEXT_OR_SECRET
        ? "Put it in quotes to make it a text"
        : null;
  }

  private void wrongType(SourceRange range, ValueType wanted, String found, @Nullable String hint) {
    diagnostics.error(
        range, "wrong-type", "Expected " + TypeText.one(wanted) + ", found " + found, hint);
  }

  private static boolean isSecret(ValueType type) {
    return type instanceof ValueType.Scalar scalar && scalar.kind() == ScalarKind.TEXT_OR_SECRET;
  }

  private static boolean isPlainText(ValueType type) {
    return type instanceof ValueType.Scalar scalar
        && (scalar.kind() == ScalarKind.STRING
            || scalar.kind() == ScalarKind.PATH
            || scalar.kind() == ScalarKind.URL);
  }

  private static boolean takesComposedText(ValueType type) {
    return isPlainText(type)
        || isSecret(type)
        || type instanceof ValueType.Any
        || type instanceof ValueType.OneOf;
  }
}
