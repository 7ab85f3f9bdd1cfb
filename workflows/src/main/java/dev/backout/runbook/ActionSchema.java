package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backout.catalog.ActionCatalog;
import dev.backout.catalog.ActionSpec;
import dev.backout.catalog.Repeatability;
import dev.backout.catalog.ValueType;
import java.util.List;

/** What the schema says of actions: their names, and which input belongs to which. */
final class ActionSchema {
  private final SchemaDefinitions definitions;
  private final List<ActionSpec> actions;

  ActionSchema(ActionCatalog catalog, SchemaDefinitions definitions) {
    this.definitions = definitions;
    this.actions = ReferencePages.sorted(catalog);
  }

  void define() {
    defineNames(ActionNameType.ANY, actions);
    defineNames(
        ActionNameType.READ_ONLY,
        actions.stream()
            .filter(action -> action.repeatability() == Repeatability.READ_ONLY)
            .toList());
    definitions.define("expression", expression());
    definitions.define("duration", DurationType.definition());
    definitions.define("size", size());
    definitions.define(ActionLanguage.WITH_BY_ACTION, withByAction());
  }

  private void defineNames(String name, List<ActionSpec> allowed) {
    ObjectNode names = SchemaDefinitions.text();
    if (actions.isEmpty()) {
      names.put("pattern", Names.ACTION.form().pattern());
    } else {
      ArrayNode words = names.putArray("enum");
      // Not JSON Schema's own, but what editors show beside each word.
      ArrayNode says = names.putArray("enumDescriptions");
      allowed.forEach(action -> words.add(action.name()));
      allowed.forEach(action -> says.add(says(action)));
    }
    definitions.define(name, names);
  }

  private static String says(ActionSpec action) {
    return action.summary() + ". " + ReferencePages.repeatability(action);
  }

  private ObjectNode withByAction() {
    ObjectNode all = SchemaDefinitions.object();
    if (actions.isEmpty()) {
      return all;
    }
    ArrayNode rules = all.putArray("allOf");
    for (ActionSpec action : actions) {
      ObjectNode rule = rules.addObject();
      ObjectNode condition = rule.putObject("if");
      condition.putObject("properties").putObject("uses").put("const", action.name());
      condition.putArray("required").add("uses");
      ObjectNode then = rule.putObject("then");
      then.putObject("properties")
          .set(
              "with",
              definitions.reference("with." + action.name(), () -> struct(action.inputs())));
      if (action.inputs().fields().values().stream().anyMatch(ValueType.Field::required)) {
        then.putArray("required").add("with");
      }
    }
    return all;
  }

  private ObjectNode struct(ValueType.Struct struct) {
    ObjectNode schema = SchemaDefinitions.object().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JsonNodeFactory.instance.arrayNode();
    struct
        .fields()
        .forEach(
            (name, field) -> {
              properties.set(name, field(field));
              if (field.required()) {
                required.add(name);
              }
            });
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }

  private ObjectNode field(ValueType.Field field) {
    ObjectNode schema = orExpression(field.type());
    String preset = field.defaultValue() == null ? "" : " Default: " + field.defaultValue() + ".";
    return schema.put("description", field.description() + preset);
  }

  /** A value may always be computed; where any text is allowed, an expression is allowed too. */
  private ObjectNode orExpression(ValueType type) {
    ObjectNode schema = value(type);
    if (type instanceof ValueType.Any || schema.equals(SchemaDefinitions.text())) {
      return schema;
    }
    ObjectNode either = SchemaDefinitions.object();
    either.putArray("anyOf").add(schema).add(definition("expression"));
    return either;
  }

  private ObjectNode value(ValueType type) {
    if (type instanceof ValueType.Scalar scalar) {
      return scalar(scalar.kind());
    }
    if (type instanceof ValueType.OneOf oneOf) {
      ObjectNode schema = SchemaDefinitions.object();
      oneOf.values().forEach(schema.putArray("enum")::add);
      return schema;
    }
    if (type instanceof ValueType.ListOf list) {
      ObjectNode schema = SchemaDefinitions.object().put("type", "array");
      schema.set("items", orExpression(list.element()));
      return schema;
    }
    if (type instanceof ValueType.MapOf map) {
      ObjectNode schema = SchemaDefinitions.object().put("type", "object");
      schema.set("additionalProperties", orExpression(map.value()));
      return schema;
    }
    return type instanceof ValueType.Struct struct ? struct(struct) : SchemaDefinitions.object();
  }

  private ObjectNode scalar(ValueType.ScalarKind kind) {
    return switch (kind) {
      case STRING, PATH, URL, TEXT_OR_SECRET, TIMESTAMP -> SchemaDefinitions.text();
      case INTEGER -> SchemaDefinitions.object().put("type", "integer");
      case NUMBER -> SchemaDefinitions.object().put("type", "number");
      case BOOLEAN -> SchemaDefinitions.object().put("type", "boolean");
      case DURATION -> definition("duration");
      case SIZE -> definition("size");
    };
  }

  private static ObjectNode definition(String name) {
    return SchemaDefinitions.object().put("$ref", "#/$defs/" + name);
  }

  private static ObjectNode expression() {
    return SchemaDefinitions.text()
        .put("description", "A value that is one whole expression keeps its type.")
        .put("pattern", SchemaDefinitions.EXPRESSION_PATTERN);
  }

  private static ObjectNode size() {
    ObjectNode size = SchemaDefinitions.object();
    size.put("description", "Bytes: 512MiB, 2GB, or a number.");
    ArrayNode either = size.putArray("anyOf");
    either.addObject().put("type", "integer").put("minimum", 0);
    either.addObject().put("type", "string").put("pattern", Sizes.PATTERN);
    return size;
  }
}
