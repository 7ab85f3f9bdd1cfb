package dev.backout.runbook;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The {@code $defs} of a schema while it is written; a definition may refer to itself. */
final class SchemaDefinitions {
  static final String EXPRESSION_PATTERN = "^\\s*\\$\\{\\{[\\s\\S]*\\}\\}\\s*$";

  private final Map<String, ObjectNode> definitions = new LinkedHashMap<>();

  /** A reference to the definition of this name, which is written if it isn't there yet. */
  ObjectNode reference(String name, Supplier<ObjectNode> definition) {
    if (!definitions.containsKey(name)) {
      definitions.put(name, object());
      definitions.put(name, definition.get());
    }
    return object().put("$ref", "#/$defs/" + name);
  }

  void define(String name, ObjectNode definition) {
    definitions.put(name, definition);
  }

  ObjectNode all() {
    ObjectNode all = object();
    definitions.forEach(all::set);
    return all;
  }

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ObjectNode text() {
    return object().put("type", "string");
  }
}
